import type { TimelineEvent } from '../../src/incidents/timeline.ts';
import { createRecover, type RecoverParts } from '../../src/operations/create-recover.ts';
import type { RequesterLevel } from '../../src/recovery/judge-approval.ts';
import type { StrategyName } from '../../src/recovery/plan.ts';
import type { RecoveryRun } from '../../src/recovery/run.ts';
import type { Composed } from '../../src/recovery/strategy.ts';
import type { RecoverAnswer } from '../../src/recovery/view.ts';
import { toyStrategy } from '../recovery/toy-catalogue.ts';
import { facts, recoverySettings } from '../support/recovery-facts.ts';
import {
  createJumpingClock,
  createToyDesk,
  createToyJournal,
  createToyWorld,
  toyCatalogue,
  toyPlan,
} from '../support/toy-recovery.ts';

/** `/db recover` over a world of switches, of which a test may change what is planned and what is seen at any time. */
export function startRecover(parts: Partial<RecoverParts> = {}) {
  const world = createToyWorld();
  const journal = createToyJournal();
  const clock = createJumpingClock();
  const toy = createToyDesk({ world, journal, clock });
  const acts: TimelineEvent[] = [];
  const asked: string[] = [];
  const now = {
    composed: composed(['hold:site', 'switch:a', 'free:site']),
    level: { ok: true, level: 'recover' } as RequesterLevel,
    /** Told while the facts are read, and while a level is. */
    reading: async () => {},
    asking: async () => {},
  };
  const strategies = (['restart-application', 'restart'] as const).map((name, index) =>
    toyStrategy(name, index + 3, { plan: () => now.composed }),
  );
  const recover = createRecover({
    databases: ['main', 'other'].map((name) => ({
      name,
      settings: recoverySettings({ database: name }),
      async readFacts() {
        asked.push(`facts of ${name}`);
        await now.reading();
        return facts({ settings: recoverySettings({ database: name }) });
      },
    })),
    desk: toy.desk,
    strategies,
    catalogue: toyCatalogue(world),
    approval: { policy: 'two-person', breakGlassAfterMs: 120_000 },
    async readLevel(memberId) {
      asked.push(`level of ${memberId}`);
      await now.asking();
      return now.level;
    },
    recorder: {
      async record(event) {
        acts.push(event);
      },
    },
    clock,
    ...parts,
  });
  /** Remy asks for it where everybody sees it. */
  async function propose(strategy: StrategyName = 'restart', database = 'main'): Promise<RecoveryRun> {
    return runOf(await recover.propose({ database, strategy, application: undefined }, 'remy', true));
  }
  return { ...toy, world, journal, clock, acts, asked, now, recover, propose };
}

export function composed(steps: readonly string[], shown?: string): Extract<Composed, { kind: 'plan' }> {
  return {
    kind: 'plan',
    steps: toyPlan(steps).steps.map((step) => Object.assign(step, shown === undefined ? {} : { shown })),
    warnings: [],
    overrides: [],
  };
}

export function runOf(answer: RecoverAnswer): RecoveryRun {
  if (answer.kind !== 'run') throw new Error(`no run but ${answer.kind}`);
  return answer.view.run;
}
