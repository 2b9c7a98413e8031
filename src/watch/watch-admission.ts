import type { Verdict } from '../model/admission.ts';
import { usableConnections } from '../model/capacity.ts';
import type { Clock } from '../model/clock.ts';
import type { DatabaseSource } from '../model/database-source.ts';
import type { TotalPoint } from '../model/forecast.ts';
import { countSessions } from '../model/session-group.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { CANARY_LOOKS_BACK_MS, decideCanaryInterval } from './decide-canary-interval.ts';
import { keepDoing } from './keep-doing.ts';

/** The canary on its own clock, which the samples hold back or ring. */
export interface AdmissionWatch {
  /** Now, or the probe under way. */
  probe(): Promise<void>;
  /** Takes note of a sample. */
  seeSample(sample: Pick<Snapshot, 'sessions' | 'server'>): void;
  /** The held session was lost: whether it is alone in that is news. */
  seeLoss(): void;
  stop(): Promise<void>;
}

/** By then a probe's own session is gone from the counts. */
const SETTLED_MS = 1_000;
/** Crossings that ring it: two in this time, as full and free again. Where they come and go faster it would feed them. */
const CROSSINGS = { most: 2, withinMs: 20_000 } as const;

export function watchAdmission(options: {
  readonly source: DatabaseSource;
  readonly clock: Clock;
  readonly onProbe: (found: Pick<Snapshot, 'admission' | 'passesInARow'>) => void;
}): AdmissionWatch {
  const { source, clock, onProbe } = options;
  let verdict: Verdict | null = null;
  let probedAt = Number.NEGATIVE_INFINITY;
  let passesInARow = 0;
  let failedBefore = false;
  let totals: readonly TotalPoint[] = [];
  let usable: number | null = null;
  let wasFull = false;
  let crossedAt: readonly number[] = [];

  const canary = keepDoing(clock, {
    act: takeProbe,
    restMs: () => decideCanaryInterval({ verdict, toConfirm: failedBefore && passesInARow === 1, totals, usable }),
  });

  async function takeProbe(): Promise<void> {
    const admission = await source.probeAdmission();
    probedAt = clock.now();
    verdict = admission.ok ? admission.value.verdict : null;
    if (verdict === 'admitted') passesInARow += 1;
    else [passesInARow, failedBefore] = [0, true];
    onProbe({ admission, passesInARow });
  }

  // The canary's own session, which comes and goes, must not make the news that calls the next one.
  const settled = (): boolean => Math.abs(clock.now() - probedAt) >= SETTLED_MS;

  return {
    probe: () => canary.now(),
    seeSample({ sessions, server }) {
      usable = server.ok ? usableConnections(server.value.capacity) : null;
      const total = sessions.ok ? countSessions(sessions.value) : null;
      totals = total === null ? [] : [...totals, { at: sessions.at, total }].filter(isRecent);
      const full = total !== null && usable !== null && total >= usable;
      // Crossing the last usable slot is news that should not wait for the canary's clock.
      if (full !== wasFull && settled() && mayRing()) {
        wasFull = full;
        crossedAt = [...crossedAt, clock.now()].slice(-CROSSINGS.most);
        canary.demand();
      } else canary.reconsider();
    },
    seeLoss: () => canary.demand(),
    stop: () => canary.stop(),
  };

  function mayRing(): boolean {
    const [first] = crossedAt;
    if (first === undefined || crossedAt.length < CROSSINGS.most) return true;
    return Math.abs(clock.now() - first) >= CROSSINGS.withinMs;
  }

  function isRecent({ at }: TotalPoint): boolean {
    return Math.abs(clock.now() - at) <= CANARY_LOOKS_BACK_MS;
  }
}
