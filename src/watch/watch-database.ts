import type { Admission } from '../model/admission.ts';
import { usableConnections } from '../model/capacity.ts';
import type { Clock } from '../model/clock.ts';
import type { DatabaseSource } from '../model/database-source.ts';
import type { Log } from '../model/log.ts';
import { type Observed, unseen } from '../model/observed.ts';
import { countSessions } from '../model/session-group.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { createDoorbell } from '../time/doorbell.ts';
import { inferAdmission } from './infer-admission.ts';

/** Turns one source into snapshots: a sample at an interval that its listener decides, the canary on a slower clock. */
export interface DatabaseWatch {
  /** The newest snapshot; before the first sample every part says so. */
  latest(): Snapshot;
  /** A sample now, or the one under way: never two at once. */
  sample(): Promise<Snapshot>;
  /** The canary now, or the probe under way; nothing without a canary. */
  probe(): Promise<void>;
  stop(): Promise<void>;
}

/** The canary's own clock: each probe is a connection that applications could have had. */
const CANARY_INTERVAL_MS = 10_000;
/** By then a probe's own session is gone from the counts. */
const CANARY_SETTLED_MS = 1_000;
/** After a defect of ours the next sample waits so long: its log line must not come four times a second. */
const AFTER_DEFECT_MS = 5_000;

export function watchDatabase(options: {
  readonly database: string;
  readonly source: DatabaseSource;
  readonly canary: boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes each snapshot and says in how many milliseconds the next one is wanted. */
  readonly onSnapshot: (snapshot: Snapshot) => number;
}): DatabaseWatch {
  const { database, source, canary, clock, log, onSnapshot } = options;
  const nextSample = createDoorbell(clock);
  const nextProbe = createDoorbell(clock);
  const startedAt = clock.now();
  const notYet = unseen('not sampled yet', startedAt);
  let snapshot: Snapshot = {
    database,
    at: startedAt,
    server: notYet,
    sessions: notYet,
    admission: notYet,
    passesInARow: 0,
    signals: notYet,
  };
  let probed: Observed<Admission> = notYet;
  let underWay: Promise<Snapshot> | null = null;
  let probeUnderWay: Promise<void> | null = null;
  let intervalMs = 0;
  let wasFull = false;
  let probedAt = Number.NEGATIVE_INFINITY;
  let stopped = false;

  async function takeSample(): Promise<Snapshot> {
    const sessions = await source.readSessions();
    const server = source.server();
    const full = sessions.ok && server.ok && countSessions(sessions.value) >= usableConnections(server.value.capacity);
    // Crossing the last usable slot is news that should not wait for the canary's clock; but the canary's own session,
    // which comes and goes, must not make the news that calls the next one.
    if (full !== wasFull && clock.now() - probedAt >= CANARY_SETTLED_MS) {
      wasFull = full;
      nextProbe.ring();
    }
    publish({ sessions, server, admission: canary ? probed : inferAdmission(sessions, server) });
    return snapshot;
  }

  function publish(parts: Pick<Snapshot, 'sessions' | 'server' | 'admission'>): void {
    snapshot = { ...snapshot, at: clock.now(), ...parts };
    try {
      intervalMs = onSnapshot(snapshot);
    } catch (err) {
      // The edge of the watch: a fault in one rule must not end the bot, whose status still answers.
      log.error({ err, database }, 'a snapshot could not be judged; the alerts of this database stand still');
      intervalMs = AFTER_DEFECT_MS;
    }
  }

  function sample(): Promise<Snapshot> {
    underWay ??= takeSample().finally(() => {
      underWay = null;
    });
    return underWay;
  }

  async function keepSampling(): Promise<void> {
    while (!stopped) {
      const begun = clock.now();
      await sample();
      // A clock that was set back must not make it a long one.
      const spentMs = Math.max(0, clock.now() - begun);
      if (!stopped) await nextSample.wait(Math.max(0, intervalMs - spentMs));
    }
  }

  async function takeProbe(): Promise<void> {
    probed = await source.probeAdmission();
    probedAt = clock.now();
    if (!stopped) publish({ sessions: snapshot.sessions, server: snapshot.server, admission: probed });
  }

  function probe(): Promise<void> {
    if (!canary) return Promise.resolve();
    probeUnderWay ??= takeProbe().finally(() => {
      probeUnderWay = null;
    });
    return probeUnderWay;
  }

  async function keepProbing(): Promise<void> {
    while (!stopped) {
      await probe();
      if (!stopped) await nextProbe.wait(CANARY_INTERVAL_MS);
    }
  }

  // Else the first sample would come a second after the connection, and its loss be noticed at the next one.
  const unfollow = source.onChange(() => nextSample.ring());
  const running = Promise.all(canary ? [keepSampling(), keepProbing()] : [keepSampling()]);

  return {
    latest: () => snapshot,
    sample,
    probe,
    async stop() {
      stopped = true;
      unfollow();
      nextSample.ring();
      nextProbe.ring();
      await running;
    },
  };
}
