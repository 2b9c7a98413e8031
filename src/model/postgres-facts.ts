import type { Admission, Verdict } from './admission.ts';
import type { ServerFacts } from './server-facts.ts';

/** One role of a server, as far as the checks look at it. */
export interface RoleFacts {
  readonly superuser: boolean;
  readonly canLogin: boolean;
  /** Null: none. */
  readonly connectionLimit: number | null;
  /** Gets in by slots that applications cannot take; always false before PostgreSQL 16, superusers aside. */
  readonly usesReservedSlots: boolean;
  /** The bot's role may set its CONNECTION LIMIT (facts.md, PostgreSQL 19). */
  readonly adjustable: boolean;
}

/** What the checks want to know of one server, read once. */
export interface PostgresFacts {
  readonly server: ServerFacts;
  readonly settings: {
    /** Seconds until a vanished client is noticed: idle, and then so many probes; null where it cannot be told (no TCP). */
    readonly keepalive: { readonly idleS: number; readonly intervalS: number; readonly count: number } | null;
    /** Null before PostgreSQL 14, which has none; 0: off. */
    readonly clientCheckMs: number | null;
    /** 0: off. */
    readonly idleInTransactionMs: number;
    readonly trackActivities: boolean;
  };
  /** By name, of those that were asked for; one that does not exist is left out. */
  readonly roles: ReadonlyMap<string, RoleFacts>;
  /** The process that answers is not the one that let us in: something stands in between. */
  readonly pooled: boolean;
  /** Client sessions, the hidden ones among them; and how many are hidden. */
  readonly sessions: { readonly total: number; readonly hidden: number };
  /** Null: no canary is configured. */
  readonly canary: Admission | null;
}

export type PostgresSight =
  | { readonly kind: 'seen'; readonly facts: PostgresFacts }
  /** It was not let in: `serverSaid` is hostile text. */
  | { readonly kind: 'refused'; readonly verdict: Verdict; readonly serverSaid: string | null }
  /** It was let in, or could not even try. */
  | { readonly kind: 'failed'; readonly reason: string };
