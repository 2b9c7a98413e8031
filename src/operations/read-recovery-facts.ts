import { NOBODY_TRIES } from '../model/admission.ts';
import { usableConnections } from '../model/capacity.ts';
import type { Clock } from '../model/clock.ts';
import type { DatabaseActions } from '../model/database-actions.ts';
import type { DatabaseRecovery } from '../model/database-recovery.ts';
import { formatDuration } from '../model/duration.ts';
import { seen, unseen } from '../model/observed.ts';
import { readTrend } from '../model/read-trend.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { RecoveryFacts, RecoverySettings } from '../recovery/facts.ts';
import { type InTime, type RecoveryCluster, readRecoveryCluster } from './read-recovery-cluster.ts';
import type { WatchedDatabase } from './read-status.ts';

/** What a recovery reads of one database, and of the cluster that it runs in. */
export interface RecoveryFactsParts {
  readonly database: Pick<WatchedDatabase, 'history' | 'place'> & {
    readonly watch: Pick<WatchedDatabase['watch'], 'latest' | 'sample' | 'probe'>;
    readonly actions: Pick<DatabaseActions, 'readDetails'>;
    readonly server: Pick<DatabaseRecovery, 'readRoleLimits'>;
  };
  /** Null: no cluster is configured. */
  readonly kubernetes: RecoveryCluster | null;
  readonly clock: Clock;
}

/** A person waits before a deferred answer; a canary takes 3 s, a statement 4 s, before they count as silent. */
export const FACTS_WITHIN_MS = 8_000;
/** A held session that hangs must not keep the canary from trying. */
const CANARY_AFTER_MS = 1_500;
/** Of these the sample and the canary; what follows them has the rest. */
const LOOK_WITHIN_MS = 6_000;

/**
 * Reads everything anew and side by side, in `FACTS_WITHIN_MS` at most: what comes later is unseen, with the reason, and so is
 * what was only known from before. Never rejects as long as its ports do not.
 */
export async function readRecoveryFacts(parts: RecoveryFactsParts, settings: RecoverySettings): Promise<RecoveryFacts> {
  const { database, clock } = parts;
  const over = new AbortController();
  const late = clock.sleep(FACTS_WITHIN_MS, over.signal);
  const inTime: InTime = (answer) =>
    Promise.race([answer, late.then(() => unseen(`no answer within ${formatDuration(FACTS_WITHIN_MS)}`, clock.now()))]);
  try {
    const looking = lookAtServer(database.watch, clock);
    // The details last: what answers after the canary was refused says more than what did before.
    const sessions = inTime(looking.then(() => database.actions.readDetails()));
    const [snapshot, details, roles, cluster] = await Promise.all([
      looking,
      sessions,
      inTime(readRoles(database.server, settings, clock)),
      readRecoveryCluster(parts.kubernetes, settings, { inTime, clock }),
    ]);
    const at = clock.now();
    const usable = snapshot.server.ok ? usableConnections(snapshot.server.value.capacity) : null;
    const { forecast } = readTrend(database.history, usable, at);
    const orphans = database.place()?.orphans ?? null;
    return { settings, at, snapshot, forecast, sessions: details, roles, orphans, ...cluster };
  } finally {
    over.abort();
  }
}

/** A sample, and a canary beside it; what was seen before counts for nothing, as a server that hangs looks well there. */
async function lookAtServer(watch: RecoveryFactsParts['database']['watch'], clock: Clock): Promise<Snapshot> {
  const over = new AbortController();
  const done = { sample: false, probe: false };
  const sampling = watch.sample().then(() => {
    done.sample = true;
  });
  const probing = Promise.race([sampling, clock.sleep(CANARY_AFTER_MS, over.signal)])
    .then(() => watch.probe())
    .then(() => {
      done.probe = true;
    });
  await Promise.race([Promise.all([sampling, probing]), clock.sleep(LOOK_WITHIN_MS, over.signal)]);
  over.abort();
  const snapshot = watch.latest();
  const silent = unseen(`no answer within ${formatDuration(LOOK_WITHIN_MS)}`, clock.now());
  const { admission } = snapshot;
  // Without a canary it follows from the counts: those of the sample.
  const fromCounts = admission.ok ? admission.value.inferred : admission.reason === NOBODY_TRIES;
  const isNew = fromCounts ? done.sample : done.probe;
  return {
    ...snapshot,
    sessions: done.sample ? snapshot.sessions : silent,
    admission: isNew ? admission : silent,
    passesInARow: isNew ? snapshot.passesInARow : 0,
  };
}

async function readRoles(
  server: RecoveryFactsParts['database']['server'],
  { applications }: RecoverySettings,
  clock: Clock,
): Promise<RecoveryFacts['roles']> {
  const users = [...new Set(applications.flatMap(({ match }) => match.user ?? []))];
  return users.length === 0 ? seen([], clock.now()) : server.readRoleLimits(users);
}
