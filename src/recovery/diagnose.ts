import { findCrashLooping } from './conditions/crash-looping.ts';
import { findFilling } from './conditions/filling.ts';
import { findFull } from './conditions/full.ts';
import { findHealthy } from './conditions/healthy.ts';
import { findHung } from './conditions/hung.ts';
import { findLeaking } from './conditions/leaking-application.ts';
import { findMisconfigured } from './conditions/misconfigured.ts';
import { findNodeNotReady } from './conditions/node-not-ready.ts';
import { findOrphanedSessions } from './conditions/orphaned-sessions.ts';
import { findOutOfDisk } from './conditions/out-of-disk.ts';
import { findOutOfMemory } from './conditions/out-of-memory.ts';
import { findPodMissing } from './conditions/pod-missing.ts';
import { findRecovering } from './conditions/recovering.ts';
import { findScaledToZero } from './conditions/scaled-to-zero.ts';
import { findShuttingDown } from './conditions/shutting-down.ts';
import { describeUnknown, findUncounted } from './conditions/unknown.ts';
import { findUnreachable } from './conditions/unreachable.ts';
import { findVolumeStuck } from './conditions/volume-stuck.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { RecoveryFacts } from './facts.ts';
import { type DiagnoseOne, readSigns } from './signs.ts';

/**
 * From what is true of a database to the gentlest rung that fits, to waiting, to nothing, or to what people do
 * (product.md §7). The first condition that fits says it; what none fits is unknown, never healthy. Pure.
 */
export function diagnose(facts: RecoveryFacts): Diagnosis {
  const signs = readSigns(facts);
  for (const find of signs.letsIn ? WHILE_LET_IN : WHILE_SHUT_OUT) {
    const diagnosis = find(signs);
    if (diagnosis !== null) return diagnosis;
  }
  return describeUnknown(signs);
}

/** What keeps every rung from helping comes first, then where the server runs, then the server, then its clients. */
const WHILE_SHUT_OUT: readonly DiagnoseOne[] = [
  // A start without room fails, and so does a recovery.
  findOutOfDisk,
  // A server that recovers is left alone, whatever its node, its pod or its clients are like.
  findRecovering,
  findScaledToZero,
  // A dead node explains a volume that is stuck, and a pod that is missing.
  findNodeNotReady,
  findVolumeStuck,
  findCrashLooping,
  findPodMissing,
  findShuttingDown,
  // A postmaster that hangs lets nobody in, however full it is.
  findHung,
  // Before what the canary was told of itself: a full server is nobody's fault of configuration.
  findFull,
  findMisconfigured,
  findUnreachable,
];

/** Clients get in: nothing here ends the server, and what is not counted is not healthy. */
const WHILE_LET_IN: readonly DiagnoseOne[] = [
  findOutOfDisk,
  findUncounted,
  // The canary may have got the last slot.
  findFull,
  findLeaking,
  findOrphanedSessions,
  findFilling,
  findNodeNotReady,
  findOutOfMemory,
  findHealthy,
];
