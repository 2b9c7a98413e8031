import type { ActFact, StepFact, TimelineEvent } from './timeline.ts';

/** A recovery as its incident's timeline tells it. Times in epoch milliseconds. */
export interface RecoveryFigures {
  /** As in `restart`. */
  readonly act: string;
  readonly database: string;
  readonly requested: { readonly by: string | null; readonly at: number } | null;
  /** Null: it never ran. */
  readonly approved: {
    readonly by: string | null;
    readonly at: number;
    readonly brokeGlass: boolean;
    /** Hostile text. */
    readonly summary: string;
    readonly overrides: readonly string[];
  } | null;
  /** In the order in which they ended; one that was tried twice is in it twice. */
  readonly steps: readonly StepFact[];
  readonly stops: number;
  readonly over: { readonly stage: ActFact['stage']; readonly by: string | null; readonly at: number } | null;
}

/** Every recovery of these events, in the order in which they were asked for. Pure. */
export function measureRecoveries(events: readonly TimelineEvent[]): readonly RecoveryFigures[] {
  const acts = events.flatMap(({ at, by, fact }) => (fact.type === 'act' ? [{ at, by, fact }] : []));
  const runs = Map.groupBy(acts, ({ fact }) => fact.confirmation);
  return [...runs.values()].filter((run) => run.some(({ fact }) => OF_RECOVERY.has(fact.stage))).map(measure);
}

type Act = Pick<TimelineEvent, 'at' | 'by'> & { readonly fact: ActFact };

const OF_RECOVERY: ReadonlySet<ActFact['stage']> = new Set(['requested', 'approved', 'broke-glass', 'step', 'stopped']);
const OVER: ReadonlySet<ActFact['stage']> = new Set(['done', 'ended', 'cancelled', 'expired']);

function measure(run: readonly Act[]): RecoveryFigures {
  const first = (stages: readonly ActFact['stage'][]) => run.find(({ fact }) => stages.includes(fact.stage)) ?? null;
  const requested = first(['requested']);
  const approved = first(['approved', 'broke-glass']);
  const over = run.findLast(({ fact }) => OVER.has(fact.stage)) ?? null;
  const { act = '', database = '' } = run[0]?.fact ?? {};
  return {
    act,
    database,
    requested: requested && { by: requested.by, at: requested.at },
    approved: approved && {
      by: approved.by,
      at: approved.at,
      brokeGlass: approved.fact.stage === 'broke-glass',
      summary: approved.fact.summary,
      overrides: approved.fact.overrides ?? [],
    },
    steps: run.flatMap(({ fact }) => fact.step ?? []),
    stops: run.filter(({ fact }) => fact.stage === 'stopped').length,
    over: over && { stage: over.fact.stage, by: over.by, at: over.at },
  };
}
