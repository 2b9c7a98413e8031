import type { AlertDesk } from './alerts/alert-desk.ts';
import { isForgotten } from './alerts/external-findings.ts';
import { judgeCluster, judgeSources, type SettingsByRule } from './alerts/judge-views.ts';
import type { ClusterView, Rule } from './alerts/rule.ts';
import type { Clock } from './model/clock.ts';
import type { SourceState } from './model/source-state.ts';

/** Repeats, the ends of silences, blindness and what the cluster tells are a matter of seconds, not of milliseconds. */
const TICK_MS = 1_000;
const FORGOTTEN = 'Not heard of for a day: taken for over, though nobody said so.';

/** Judges on a clock what no news brings: sources that fall silent, pods that are not ready for too long, repeats that fall due. */
export function attendOnAClock(options: {
  readonly rules: readonly Rule[];
  readonly desk: AlertDesk;
  /** Every source, as it is now. */
  readonly sources: () => readonly SourceState[];
  /** The cluster under each database that has one, as it is known now. */
  readonly clusters: () => readonly ClusterView[];
  /** Null for what belongs to no watched database. */
  readonly settingsOf: (database: string) => SettingsByRule;
  readonly clock: Clock;
}): { stop(): Promise<void> } {
  const { rules, desk, sources, clusters, settingsOf, clock } = options;
  const stopping = new AbortController();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const now = clock.now();
      const byDatabase = Map.groupBy(sources(), ({ database }) => database);
      desk.take(
        [
          ...[...byDatabase].flatMap(([database, own]) =>
            judgeSources(rules, database, { sources: own, now }, settingsOf(database)),
          ),
          ...clusters().flatMap((view) => judgeCluster(rules, view, settingsOf(view.database))),
        ],
        now,
      );
      desk.retire((alert) => (isForgotten(alert, now) ? FORGOTTEN : null), now);
      await clock.sleep(TICK_MS, stopping.signal);
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
