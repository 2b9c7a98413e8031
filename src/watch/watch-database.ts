import type { ActiveSession } from '../model/activity.ts';
import type { Clock } from '../model/clock.ts';
import type { DatabaseSource } from '../model/database-source.ts';
import type { Log } from '../model/log.ts';
import { type Observed, unseen } from '../model/observed.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { inferAdmission } from './infer-admission.ts';
import { keepDoing } from './keep-doing.ts';
import { watchActivity } from './watch-activity.ts';
import { watchAdmission } from './watch-admission.ts';
import { watchSignals } from './watch-signals.ts';

/**
 * Turns one source into snapshots: a sample at an interval that its listener decides; the canary and the slow signals on
 * clocks of their own; all sessions one by one only when somebody asks.
 */
export interface DatabaseWatch {
  /** The newest snapshot; before the first sample every part says so. */
  latest(): Snapshot;
  /** A sample now, or the one under way: never two at once. */
  sample(): Promise<Snapshot>;
  /** How long the newest count of the sessions took, milliseconds; null before the first and while they are not seen. */
  sampleMs(): number | null;
  /** The canary now, or the probe under way; nothing without a canary. */
  probe(): Promise<void>;
  /** All sessions as they were last read; free of I/O. */
  activity(): Observed<readonly ActiveSession[]>;
  /** All sessions now, or the read under way. */
  readActivity(): Promise<Observed<readonly ActiveSession[]>>;
  stop(): Promise<void>;
}

/** What a listener makes of a snapshot. */
export interface SnapshotAnswer {
  /** Until the next sample, milliseconds. */
  readonly intervalMs: number;
  /** Somebody wants to see the sessions one by one: they are read soon, and another snapshot follows. */
  readonly wantsActivity: boolean;
}

/** After a defect of ours the next sample waits so long: its log line must not come four times a second. */
const AFTER_DEFECT: SnapshotAnswer = { intervalMs: 5_000, wantsActivity: false };

export function watchDatabase(options: {
  readonly database: string;
  readonly source: DatabaseSource;
  readonly canary: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly onSnapshot: (snapshot: Snapshot) => SnapshotAnswer;
}): DatabaseWatch {
  const { database, source, clock, log, onSnapshot } = options;
  let snapshot = notYet(database, clock.now());
  let intervalMs = 0;
  let spentMs = 0;
  let sampleMs: number | null = null;
  let stopped = false;

  const activity = watchActivity({ source, clock, onWanted: () => publish({}) });
  const admission = options.canary ? watchAdmission({ source, clock, onProbe: publish }) : null;
  const signals = watchSignals({ source, clock, onRead: publish });
  const sampling = keepDoing(clock, { act: takeSample, restMs: () => intervalMs - spentMs });

  async function takeSample(): Promise<void> {
    const begun = clock.now();
    const sessions = await source.readSessions();
    sampleMs = sessions.ok ? Math.max(0, sessions.at - begun) : null;
    const server = source.server();
    admission?.seeSample({ sessions, server });
    signals.seeSample(sessions);
    const inferred = admission === null && { admission: inferAdmission(sessions, server, source.lossVerdict()) };
    publish({ sessions, server, ...inferred });
    // A clock that was set back must not make it a long one.
    spentMs = Math.max(0, clock.now() - begun);
  }

  function publish(parts: Partial<Snapshot>): void {
    if (stopped) return;
    snapshot = { ...snapshot, at: clock.now(), ...parts };
    const answer = judge();
    const sooner = answer.intervalMs < intervalMs;
    intervalMs = answer.intervalMs;
    if (sooner) sampling.reconsider();
    if (answer.wantsActivity) activity.want();
  }

  function judge(): SnapshotAnswer {
    try {
      return onSnapshot(snapshot);
    } catch (err) {
      // The edge of the watch: a fault in one rule must not end the bot, whose status still answers.
      log.error({ err, database }, 'a snapshot could not be judged; the alerts of this database stand still');
      return AFTER_DEFECT;
    }
  }

  let wasHeld = source.server().ok;
  const unfollow = source.onChange(() => {
    const held = source.server().ok;
    // Else the first sample would come a second after the connection, and its loss be noticed at the next one.
    sampling.demand();
    signals.demand();
    if (wasHeld && !held) admission?.seeLoss();
    wasHeld = held;
  });

  return {
    latest: () => snapshot,
    async sample() {
      await sampling.now();
      return snapshot;
    },
    sampleMs: () => sampleMs,
    probe: async () => admission?.probe(),
    activity: () => activity.latest(),
    readActivity: () => activity.read(),
    async stop() {
      stopped = true;
      unfollow();
      await Promise.all([sampling.stop(), admission?.stop(), signals.stop(), activity.stop()]);
    },
  };
}

function notYet(database: string, at: number): Snapshot {
  const nothing = unseen('not sampled yet', at);
  return {
    database,
    at,
    server: nothing,
    sessions: nothing,
    admission: nothing,
    passesInARow: 0,
    signals: nothing,
  };
}
