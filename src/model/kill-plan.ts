import { describePods } from './describe-pods.ts';
import { formatDuration } from './duration.ts';
import type { StaleCriteria, StaleKind } from './stale-criteria.ts';
import type { JudgedSession } from './staleness.ts';
import type { TerminationFate, TerminationTarget } from './termination.ts';

// Types, not interfaces: a plan and its outcome stand in the journal as JSON.

/** One listed session: who it is, and what people need to know of it. Names are hostile text. */
export type KillTarget = TerminationTarget & {
  readonly user: string | null;
  readonly database: string | null;
  readonly application: string;
  readonly applicationName: string;
  readonly address: string | null;
  readonly stateMs: number;
  readonly ageMs: number;
  /** Of an orphaned one the pod that is gone; null where it went before Breakwater watched. */
  readonly pod?: KillPod | null;
};

/** A pod that is gone. Names are hostile text. */
export type KillPod = {
  readonly namespace: string;
  readonly name: string;
  /** As in `Deployment/site`; null where nothing owned it. */
  readonly owner: string | null;
  readonly revision: string | null;
  /** Epoch milliseconds. */
  readonly vanishedAt: number;
};

/** Who held the connections at a moment. */
export type Holders = {
  readonly used: number;
  readonly usable: number | null;
  readonly max: number | null;
  /** Largest first. */
  readonly applications: readonly { readonly name: string; readonly count: number }[];
};

/** What was shown, and exactly what is carried out. */
export type KillPlan = {
  readonly criteria: StaleCriteria;
  /** Longest in its state first. */
  readonly targets: readonly KillTarget[];
  /** When it was shown. */
  readonly holders: Holders;
};

/** A kind that could be asked for, and how many it would select now. */
export interface KillChoice {
  readonly kind: StaleKind;
  readonly olderThanMs: number;
  readonly count: number;
}

interface PreviewBase {
  readonly database: string;
  /** When the sessions were read, epoch milliseconds. */
  readonly at: number;
}

/** What `/db kill-stale` answers with. */
export type KillPreview =
  | (PreviewBase & {
      readonly kind: 'ready';
      readonly confirmation: { readonly id: string; readonly hash: string; readonly until: number };
      readonly plan: KillPlan;
      readonly judged: readonly JudgedSession[];
    })
  | (PreviewBase & {
      readonly kind: 'nothing';
      readonly criteria: StaleCriteria;
      readonly judged: readonly JudgedSession[];
      readonly choices: readonly KillChoice[];
    })
  | (PreviewBase & {
      readonly kind: 'choose';
      /** Why orphaned sessions cannot be told from the others, as a sentence; hostile text. */
      readonly why: string;
      readonly application: string | null;
      readonly choices: readonly KillChoice[];
    });

/** How many came to what; together all that were listed. */
export type KillCounts = {
  readonly terminated: number;
  readonly spared: number;
  readonly failed: number;
  readonly unknown: number;
};

export type KillFate = {
  readonly target: KillTarget;
  readonly fate: TerminationFate;
  /** Hostile text. */
  readonly reason: string | null;
};

/** What the journal keeps of a finished one. */
export type KillOutcome = KillCounts & {
  readonly before: Holders;
  /** Null where the server could not be read since. */
  readonly after: Holders | null;
  readonly tookMs: number;
  /** Those that were not terminated. */
  readonly left: readonly {
    readonly pid: number;
    readonly backendStart: string;
    readonly fate: TerminationFate;
    readonly reason: string | null;
  }[];
};

/** What people see of it. */
export interface KillResult {
  readonly database: string;
  readonly confirmation: string;
  readonly requestedBy: string;
  readonly confirmedBy: string;
  /** Epoch milliseconds. */
  readonly endedAt: number;
  readonly criteria: StaleCriteria;
  readonly fates: readonly KillFate[];
  readonly outcome: KillOutcome;
  /** The configured applications, for their colours. */
  readonly knownApplications: readonly string[];
}

/** What the next bot found after the last one died in the middle; `gone` and `still` are null where it could not look. */
export type KillInterruption = {
  readonly listed: number;
  readonly gone: number | null;
  readonly still: number | null;
  /** Why it could not look. */
  readonly reason: string | null;
};

const COUNTED_AS: Readonly<Record<TerminationFate, keyof KillCounts>> = {
  terminated: 'terminated',
  ended: 'spared',
  used: 'spared',
  protected: 'spared',
  doubtful: 'spared',
  failed: 'failed',
  unknown: 'unknown',
};

/** Counts fates; one that had ended by itself, or was used since, counts as spared: nobody touched it. */
export function countFates(fates: readonly Pick<KillFate, 'fate'>[]): KillCounts {
  const counts = { terminated: 0, spared: 0, failed: 0, unknown: 0 };
  for (const { fate } of fates) counts[COUNTED_AS[fate]] += 1;
  return counts;
}

/** `terminated 45 · spared 2 · failed 0`; what nobody knows is said only where there is such. */
export function describeCounts({ terminated, spared, failed, unknown }: KillCounts, separator = ' · '): string {
  const parts = [`terminated ${terminated}`, `spared ${spared}`, `failed ${failed}`];
  return [...parts, ...(unknown > 0 ? [`unknown ${unknown}`] : [])].join(separator);
}

/** A finished one as a timeline keeps it. */
export function summariseOutcome({ terminated, spared, failed, unknown, before, after, left }: KillOutcome) {
  const counts: KillCounts = { terminated, spared, failed, unknown };
  const doubtful = left.filter(({ fate }) => fate === 'doubtful');
  const doubt = doubtful.length === 0 ? '' : ` (${doubtful.length} in doubt: ${describeReasons(doubtful)})`;
  return {
    summary: `${describeCounts(counts, ', ')}${doubt}${after ? `; ${before.used} → ${after.used} connections in use` : ''}`,
    figures: { ...counts, usedBefore: before.used, ...(after && { usedAfter: after.used }) },
  };
}

const REASONS_SHOWN = 3;

/** The one that they share, or the most frequent ones with how many they are of. */
function describeReasons(left: readonly { readonly reason: string | null }[]): string {
  const counts = [...Map.groupBy(left, ({ reason }) => reason ?? 'nobody says why')].sort(
    ([, a], [, b]) => b.length - a.length,
  );
  if (counts.length === 1) return counts[0]?.[0] ?? '';
  const shown = counts.slice(0, REASONS_SHOWN).map(([reason, { length }]) => `${length} as ${reason}`);
  return [...shown, ...(counts.length > REASONS_SHOWN ? ['…'] : [])].join(', ');
}

/** `45 sessions of site, idle for 10 min or longer`: plain text, the application's name and those of pods hostile. */
export function describePlan({ targets, criteria }: Pick<KillPlan, 'targets' | 'criteria'>): string {
  const of = criteria.application === null ? '' : ` of ${criteria.application}`;
  const pods = criteria.kind === 'orphaned' ? `: ${describePods(targets)}` : '';
  return `${countedSessions(targets.length)}${of}, ${describeCriteria(criteria)}${pods}`;
}

/** `idle for 10 min or longer`. */
export function describeCriteria({ kind, olderThanMs }: Pick<StaleCriteria, 'kind' | 'olderThanMs'>): string {
  const held = kind === 'orphaned' ? 'orphaned, and connected' : KIND_WORDS[kind];
  return `${held} for ${formatDuration(olderThanMs)} or longer`;
}

/** `of 45 listed, 43 are gone and 2 still there`; plain text, the reason hostile. */
export function describeInterruption({ listed, gone, still, reason }: KillInterruption): string {
  const died = 'the bot died while it terminated';
  if (gone === null) return `${died}: what became of the ${listed} listed is unknown: ${reason ?? 'no answer'}`;
  return `${died}: of ${listed} listed, ${gone} are gone, ${still} still there; whether Breakwater ended each is not known`;
}

const KIND_WORDS: Readonly<Record<StaleKind, string>> = {
  orphaned: 'orphaned',
  idle: 'idle',
  'idle-in-transaction': 'idle in transaction',
};

/** `idle`, as people say it. */
export function nameKind(kind: StaleKind): string {
  return KIND_WORDS[kind];
}

/** `1 session`, `45 sessions`. */
export function countedSessions(count: number): string {
  return count === 1 ? '1 session' : `${count} sessions`;
}
