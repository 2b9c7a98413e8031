import type { Config, DatabaseConfig } from '../config/config.ts';
import type { CheckArea, CheckFinding } from '../model/check-finding.ts';
import type { DiscordFacts, DiscordSight } from '../model/discord-facts.ts';
import type { PostgresFacts, PostgresSight } from '../model/postgres-facts.ts';
import type { ClusterFacts } from './cluster-facts.ts';

/** Everything that was gathered; the checks look at nothing else. */
export interface CheckFacts {
  readonly config: Config;
  readonly discord: DiscordSight;
  /** By the database's name. */
  readonly postgres: ReadonlyMap<string, PostgresSight>;
  /** Null: no cluster is configured, or this process has no way to it. */
  readonly cluster: ClusterFacts | null;
}

/** What a check says; its id and its area are added by whoever runs it. */
export type Judgement = Omit<CheckFinding, 'id' | 'area'>;

interface Described {
  readonly area: CheckArea;
  /** What it examines, for docs/check.md. */
  readonly summary: string;
}

/** One check, one file of `checks/`: pure. All but those of scope `all` are spared what could not be seen. */
export type Check = Described &
  (
    | { readonly scope: 'all'; judge(facts: CheckFacts): readonly Judgement[] }
    | { readonly scope: 'discord'; judge(facts: DiscordFacts, config: Config): readonly Judgement[] }
    | { readonly scope: 'database'; judge(facts: PostgresFacts, database: DatabaseConfig): readonly Judgement[] }
    | { readonly scope: 'cluster'; judge(facts: ClusterFacts, config: Config): readonly Judgement[] }
  );

type Told = Readonly<Record<'what' | 'why' | 'mend', string>>;

export const fault = (subject: string, told: Told): Judgement => ({ level: 'fault', subject, ...told });
export const warning = (subject: string, told: Told): Judgement => ({ level: 'warning', subject, ...told });
export const fine = (subject: string, what: string): Judgement => ({
  level: 'ok',
  subject,
  what,
  why: null,
  mend: null,
});
/** Well as it is; what may be added is told. */
export const optional = (subject: string, told: Told): Judgement => ({ level: 'ok', subject, ...told });
export const unknown = (subject: string, reason: string): Judgement => ({
  level: 'unknown',
  subject,
  what: `not examined: ${reason}`,
  why: null,
  mend: null,
});
