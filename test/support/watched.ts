import type { Log } from '../../src/model/log.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { type SnapshotAnswer, watchDatabase } from '../../src/watch/watch-database.ts';
import { createFakeSource, type FakeServer } from './fake-source.ts';
import { createManualClock } from './manual-clock.ts';
import { createRecordedLog } from './recorded-log.ts';

/** A watch over a fake server, on a clock that the test moves; calm unless the test answers otherwise. */
export function watchFake(
  options: {
    readonly server?: Partial<FakeServer>;
    readonly canary?: boolean;
    readonly intervalMs?: number;
    readonly log?: Log;
    readonly answer?: (snapshot: Snapshot) => SnapshotAnswer;
    /** Stands before the source, as one that is slow. */
    readonly wrap?: (fake: ReturnType<typeof createFakeSource>, clock: ReturnType<typeof createManualClock>) => object;
  } = {},
) {
  const { canary = false, intervalMs = 5_000, log = createRecordedLog() } = options;
  const clock = createManualClock();
  const fake = createFakeSource(clock, options.server);
  const snapshots: Snapshot[] = [];
  const watch = watchDatabase({
    database: 'main',
    source: { ...fake.source, ...options.wrap?.(fake, clock) },
    canary,
    clock,
    log,
    onSnapshot(snapshot) {
      snapshots.push(snapshot);
      return options.answer?.(snapshot) ?? { intervalMs, wantsActivity: false };
    },
  });
  return { ...fake, clock, watch, snapshots };
}
