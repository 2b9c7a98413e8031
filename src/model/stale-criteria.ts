import type { Application } from './application.ts';
import type { Observed } from './observed.ts';
import type { ClusterLook } from './orphan.ts';

/** What `/db kill-stale` can look for; product.md §6 says what each means. */
export const STALE_KINDS = ['orphaned', 'idle', 'idle-in-transaction'] as const;
export type StaleKind = (typeof STALE_KINDS)[number];

/** From this age on a session of a kind is stale unless somebody says otherwise, milliseconds (product.md §6). */
export const DEFAULT_OLDER_THAN_MS: Readonly<Record<StaleKind, number>> = {
  orphaned: 60_000,
  idle: 600_000,
  'idle-in-transaction': 300_000,
};

/** A type, not an interface: it stands in the journal as JSON. */
export type StaleCriteria = {
  readonly kind: StaleKind;
  /** For so long it must have been in its state; an orphaned one that is not active, connected. */
  readonly olderThanMs: number;
  /** Null: of any. */
  readonly application: string | null;
};

export interface StaleContext {
  readonly applications: readonly Application[];
  /** Values of application_name. */
  readonly protect: readonly string[];
  /** Held by a pooler, as its console says; an empty set where none is configured. */
  readonly poolerPids: Observed<ReadonlySet<number>>;
  /** Null: no cluster is configured, and nothing can be orphaned. */
  readonly cluster: ClusterLook | null;
  /** When the sessions were read, epoch milliseconds. */
  readonly sessionsAt: number;
}
