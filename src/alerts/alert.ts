import { createHash } from 'node:crypto';
import type { Severity } from '../model/rule-options.ts';
import type { Finding, Inhibition } from './rule.ts';

/**
 * inactive → pending (`for`) → firing → resolved (product.md §4). An inactive alert is simply not in the book; that one is
 * acknowledged, silenced or muted is said beside its state, as each can be true at once.
 */
export type AlertState = 'pending' | 'firing' | 'resolved';

/** One occurrence of an alert. Plain data that JSON keeps whole: the journal holds it as it is. */
export interface Alert {
  /** Of this occurrence: short, in custom ids and commands. */
  readonly id: string;
  /** `rule · database · subject`: the same text as the footer of its message (contract.md, Discord). */
  readonly key: string;
  readonly rule: string;
  readonly database: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly state: AlertState;
  /** Epoch milliseconds: when the condition was first seen; when it fired; when it cleared. */
  readonly since: number;
  readonly firedAt: number | null;
  readonly resolvedAt: number | null;
  /** The largest value seen while it lived, and its peak in words. */
  readonly peak: number | null;
  /** The last finding that was not `unknown`. */
  readonly finding: Finding;
  /** Why nothing is known of it since `blindSince`; null while the source answers. */
  readonly blind: { readonly since: number; readonly reason: string } | null;
  /** Since when it would resolve, but for `keep`; null while it would not. */
  readonly clearSince: number | null;
  readonly repeatMs: number;
  /** Why it ended without having been seen to be over; null otherwise. For people, plain text. */
  readonly ending: string | null;
  /** When its source spoke of it last, epoch milliseconds. */
  readonly heardAt: number;
  readonly acknowledged: { readonly by: string; readonly at: number } | null;
  readonly silenced: { readonly by: string; readonly until: number } | null;
  /**
   * The firing (or soon firing) alert whose symptom this is; `endsAt` once that is over, epoch milliseconds. `loud`: its
   * cause pings nobody, so the symptom does.
   */
  readonly muted: {
    readonly by: string;
    readonly mutes: Inhibition['mutes'];
    readonly endsAt?: number;
    readonly loud?: true;
  } | null;
  /** What was asked of delivery: one message at first, another for each repeat and each rise in severity. */
  readonly post: Post | null;
}

export interface Post {
  /** From 1. */
  readonly number: number;
  readonly at: number;
  readonly severity: Severity;
  readonly pings: boolean;
}

/** The living alerts by key. */
export type AlertBook = ReadonlyMap<string, Alert>;

/** Names an alert as its message's footer does. */
export function alertKey(rule: string, database: string, subject: string): string {
  return `${rule} · ${database} · ${subject}`;
}

/** An occurrence's id: the same for the same key and beginning, so that nothing random is needed. Ten hexadecimal digits. */
export function alertId(key: string, since: number): string {
  return createHash('sha256').update(`${key} @ ${since}`).digest('hex').slice(0, 10);
}

/** Names the message of an alert's newest post for ever; null while none is asked for. */
export function letterId({ id, post }: Pick<Alert, 'id' | 'post'>): string | null {
  return post === null ? null : `${id}.${post.number}`;
}
