import { createHash } from 'node:crypto';
import type { Json } from '../journal/journal.ts';

/** The ladder, gentlest first (product.md §7). */
export const STRATEGIES = [
  'kill-stale',
  'cap-application',
  'restart-application',
  'restart',
  'remount',
  'recreate',
] as const;
export type StrategyName = (typeof STRATEGIES)[number];

// Types, not interfaces: a plan stands in the journal as JSON.

/** One step as data. */
export type PlanStep = {
  /** Unique in its plan, as in `hold:default/deployment/site`; at most 80 characters of a button's id are left for others. */
  readonly id: string;
  /** The file in `steps/` that carries it out. */
  readonly kind: string;
  /** What it acts on, as its step's schema has it. Stable: no ages, no counts of what moves by itself. */
  readonly params: Json;
  /** What was shown and moves by itself, as the sessions that are ended: frozen, and no reason to plan anew. */
  readonly shown?: Json;
};

/** A form asks for these words, exactly, before it is approved. */
export type Override = {
  readonly word: string;
  /** What is risked, as a sentence. */
  readonly because: string;
};

export type RecoveryPlan = {
  readonly database: string;
  readonly strategy: StrategyName;
  /** The application that it is about; null where it is about none. */
  readonly target: string | null;
  /** `own`: one member confirms; `second`: as `discord.approval` says (product.md §7). */
  readonly approval: 'own' | 'second';
  readonly steps: readonly PlanStep[];
  /** What the preview calls out: each a sentence or two, plain text, names in it hostile. */
  readonly warnings: readonly string[];
  readonly overrides: readonly Override[];
};

export type Planned =
  | { readonly kind: 'plan'; readonly plan: RecoveryPlan }
  /** Each reason says what is missing and what to do. */
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

/** 16 hexadecimal digits: exactly this, as it was shown. */
export function hashRecoveryPlan(plan: RecoveryPlan): string {
  return digest(plan);
}

/** The same for two plans that do the same to the same things: what was shown and moves by itself is left out. */
export function compareBy({ database, strategy, approval, steps, overrides }: RecoveryPlan): string {
  const acts = steps.map(({ id, kind, params }) => ({ id, kind, params }));
  return digest({ database, strategy, approval, acts, words: overrides.map(({ word }) => word) });
}

function digest(value: Json): string {
  return createHash('sha256').update(writeCanonically(value)).digest('hex').slice(0, 16);
}

/** In whatever order its keys stand, and without what is undefined, as the journal gives it back. */
function writeCanonically(value: Json): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
