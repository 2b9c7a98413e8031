import type { Clock } from '../model/clock.ts';
import type { DatabaseSource } from '../model/database-source.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { keepDoing } from './keep-doing.ts';

/** What changes slowly on a server, on a slow clock. */
export interface SignalsWatch {
  /** Takes note of who waits for locks. */
  seeSample(sessions: Snapshot['sessions']): void;
  /** Once more at once: the connection was gained or lost. */
  demand(): void;
  stop(): Promise<void>;
}

const CALM_MS = 15_000;
/** Who waits for a lock, and for how long, is part of it. */
const LOCKS_MS = 5_000;

export function watchSignals(options: {
  readonly source: DatabaseSource;
  readonly clock: Clock;
  readonly onRead: (read: Pick<Snapshot, 'signals'>) => void;
}): SignalsWatch {
  const { source, clock, onRead } = options;
  let somebodyWaits = false;
  let somebodyWaited = false;

  const reading = keepDoing(clock, {
    act: async () => {
      const signals = await source.readSignals();
      somebodyWaited = signals.ok && signals.value.lockWaits.length > 0;
      onRead({ signals });
    },
    // After the last wait once more soon: the signals must not tell of it for long.
    restMs: () => (somebodyWaits || somebodyWaited ? LOCKS_MS : CALM_MS),
  });

  return {
    seeSample(sessions) {
      const waits = sessions.ok && sessions.value.some(({ lockWaits }) => lockWaits > 0);
      if (waits === somebodyWaits) return;
      somebodyWaits = waits;
      reading.reconsider();
    },
    demand: () => reading.demand(),
    stop: () => reading.stop(),
  };
}
