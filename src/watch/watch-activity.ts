import type { ActiveSession } from '../model/activity.ts';
import type { Clock } from '../model/clock.ts';
import type { DatabaseSource } from '../model/database-source.ts';
import { type Observed, unseen } from '../model/observed.ts';
import { joinUnderWay } from './join-under-way.ts';

/** All sessions one by one: no clock of its own, only on demand, since each read is a row per session. */
export interface ActivityWatch {
  /** The last read, with its age; why there is none when that failed. */
  latest(): Observed<readonly ActiveSession[]>;
  /** Now, or the read under way. */
  read(): Promise<Observed<readonly ActiveSession[]>>;
  /** Reads now unless that was done lately; `onWanted` then has news. Asked again with every snapshot, so it forgets. */
  want(): void;
  stop(): Promise<void>;
}

/** A row per session must not be asked for four times a second while an alert fires (facts.md, PostgreSQL 13). */
const AT_MOST_EVERY_MS = 10_000;

export function watchActivity(options: {
  readonly source: DatabaseSource;
  readonly clock: Clock;
  readonly onWanted: () => void;
}): ActivityWatch {
  const { source, clock, onWanted } = options;
  let latest: Observed<readonly ActiveSession[]> = unseen('not read yet', clock.now());
  let readAt = Number.NEGATIVE_INFINITY;
  let wanted: Promise<void> | null = null;

  const read = joinUnderWay(async () => {
    latest = await source.readActivity();
    readAt = clock.now();
    return latest;
  });

  return {
    latest: () => latest,
    read,
    want() {
      // The distance either way: a clock that was set back must not end the reading.
      if (wanted !== null || Math.abs(clock.now() - readAt) < AT_MOST_EVERY_MS) return;
      wanted = read().then(() => {
        wanted = null;
        onWanted();
      });
    },
    stop: async () => void (await wanted),
  };
}
