import type { Json } from '../journal/journal.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { RecoveryPlan } from './plan.ts';

/** What a person tells a run. */
export const DIRECTIONS = ['resume', 'retry', 'skip', 'undo', 'release', 'abort'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** How it may be approved: by a click, by another member, or by typing. */
export type ApprovalPolicy = 'own' | 'two-person' | 'typed';

export interface Approval {
  readonly by: string;
  readonly at: number;
  readonly how: 'confirmed' | 'second-person' | 'typed' | 'broke-glass';
  /** Given when the glass was broken; hostile text. */
  readonly reason: string | null;
}

/** One request for a recovery and what became of it: a fold over its stream `recoveries/<id>`. */
export interface RecoveryRun {
  /** Ten hexadecimal digits. */
  readonly id: string;
  /** Of the plan as it was shown; buttons carry it. */
  readonly hash: string;
  readonly plan: RecoveryPlan;
  readonly requestedBy: string;
  /** What was true when it was asked for; null where nobody looked. Hostile text. */
  readonly diagnosis: Diagnosis | null;
  /** Epoch milliseconds. */
  readonly at: number;
  /** After it nobody can approve it. */
  readonly until: number;
  readonly policy: ApprovalPolicy;
  /** From then on its requester may break the glass; null where that is not needed. */
  readonly breakGlassAt: number | null;
  /** The message in which it lives; null while unknown. */
  readonly place: { readonly channelId: string; readonly messageId: string } | null;
  readonly approval: Approval | null;
  readonly state: RunState;
  /** As many as the plan has, in its order. */
  readonly steps: readonly StepProgress[];
  /** How often it has stopped: buttons carry it, so that one of an earlier stop does nothing. */
  readonly stops: number;
  /** What it does while it runs: its steps, or taking them back, or letting clients in first. */
  readonly mode: RunMode;
  /** Its message says how it ended. */
  readonly told: boolean;
}

export type RunMode = 'steps' | 'undo' | 'release';

export type RunState =
  | { readonly kind: 'requested' }
  | { readonly kind: 'cancelled'; readonly by: string; readonly at: number }
  | { readonly kind: 'expired'; readonly at: number }
  /** The world had changed before it was approved: `next` is the request with the new plan; null where none can be made. */
  | {
      readonly kind: 'superseded';
      readonly at: number;
      readonly next: string | null;
      /** Why none can be made; plain, hostile text. */
      readonly reasons: readonly string[];
    }
  /** Under way. `abortAsked`: by whom; it stops after this step. */
  | { readonly kind: 'running'; readonly abortAsked: string | null }
  /** It waits for a person. */
  | { readonly kind: 'stopped'; readonly at: number; readonly why: StopReason }
  | { readonly kind: 'done'; readonly at: number }
  /** Ended by a person before it was through, or undone. */
  | { readonly kind: 'ended'; readonly at: number; readonly by: string; readonly undone: boolean };

/** Nothing becomes of it any more. */
export function isOver({ state }: Pick<RecoveryRun, 'state'>): boolean {
  return ['cancelled', 'expired', 'superseded', 'done', 'ended'].includes(state.kind);
}

/** It was approved and is not over: no other may run on its database. */
export function isAtWork({ state }: Pick<RecoveryRun, 'state'>): boolean {
  return state.kind === 'running' || state.kind === 'stopped';
}

/** The member who approved or cancelled the request; null: nobody did. */
export function answeredBy({ state, approval }: Pick<RecoveryRun, 'state' | 'approval'>): string | null {
  return state.kind === 'cancelled' ? state.by : (approval?.by ?? null);
}

export type StopReason =
  /** Of a step, or an undo, by its step's id. */
  | { readonly kind: 'failed'; readonly step: string; readonly reason: string }
  | { readonly kind: 'unknown'; readonly step: string; readonly reason: string }
  | { readonly kind: 'aborted'; readonly by: string }
  /** Clients were let in before the plan's end, by whom; the other steps wait. */
  | { readonly kind: 'released'; readonly by: string }
  /** The bot ended in the middle. */
  | { readonly kind: 'interrupted' }
  /** The journal or a newer bot: nothing more may be done by this one. */
  | { readonly kind: 'journal'; readonly reason: string };

export interface StepProgress {
  readonly id: string;
  readonly state: 'waiting' | 'acting' | 'done' | 'skipped' | 'failed' | 'unknown' | 'undone';
  /** What was seen last, for people; hostile text. */
  readonly saw: string;
  /** When it began last, and ended; epoch milliseconds. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** How often it was begun. */
  readonly attempts: number;
  /** What its check noted before it acted. */
  readonly note: Json;
}
