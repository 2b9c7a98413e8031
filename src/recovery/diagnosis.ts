import type { StrategyName } from './plan.ts';

/** What is wrong with a database, as far as it can be told from outside. */
export type Condition =
  | 'healthy'
  | 'full'
  | 'filling'
  | 'leaking-application'
  | 'orphaned-sessions'
  | 'hung'
  | 'starting'
  | 'crash-recovery'
  | 'shutting-down'
  | 'crash-looping'
  | 'out-of-memory'
  | 'out-of-disk'
  | 'node-dead'
  | 'node-not-ready'
  | 'volume-stuck'
  | 'scaled-to-zero'
  | 'pod-missing'
  | 'unreachable'
  | 'misconfigured'
  | 'unknown';

// A type, not an interface: it stands in the journal as JSON.

/** What was found and what fits it: the gentlest rung, or to wait, or what only people can do. */
export type Diagnosis = {
  readonly condition: Condition;
  /** What is true, in a sentence with its numbers; plain text, names in it hostile. */
  readonly headline: string;
  readonly advice:
    | {
        readonly kind: 'recover';
        readonly strategy: StrategyName /** An application, where it is about one. */;
        readonly target: string | null;
      }
    /** Something mends it by itself; `until` says what to look for, and when to look again. */
    | { readonly kind: 'wait'; readonly until: string }
    /** Nothing is wrong. */
    | { readonly kind: 'nothing' }
    /** No rung mends it: what a person does, each a sentence. */
    | { readonly kind: 'by-hand'; readonly todo: readonly string[] };
  /** Why this and nothing gentler or harsher, each a sentence. */
  readonly reasons: readonly string[];
};
