import type { JournalEvent, Json } from '../journal/journal.ts';

/** What was shown and waits for somebody's click: frozen, for two minutes (product.md §6). */
export interface Confirmation {
  /** Ten hexadecimal digits; names the stream `runs/<id>`, which keeps its whole life. */
  readonly id: string;
  /** Of the plan, the act and the database, 16 hexadecimal digits: a button carries it, and only what was shown has it. */
  readonly hash: string;
  /** The operation that carries it out, as in `kill-stale`. */
  readonly act: string;
  readonly database: string;
  /** What was shown, in full: exactly this is carried out. */
  readonly plan: Json;
  /** The plan in one line, for the record; hostile text. */
  readonly summary: string;
  readonly requestedBy: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly until: number;
  /** What must be typed in a form before it is carried out; null for a click alone. */
  readonly typed: string | null;
  /** Where it was shown, if everybody sees it there; null while unknown, or for an ephemeral one. */
  readonly shownAt: { readonly channelId: string; readonly messageId: string } | null;
  readonly state: ConfirmationState;
}

export type ConfirmationState =
  | { readonly kind: 'open' }
  | { readonly kind: 'cancelled'; readonly by: string; readonly at: number }
  | { readonly kind: 'expired'; readonly at: number }
  /** Somebody confirmed, and it is being carried out; nobody else can. */
  | { readonly kind: 'claimed'; readonly by: string; readonly at: number }
  | {
      readonly kind: 'done';
      readonly by: string;
      readonly at: number;
      readonly endedAt: number;
      readonly outcome: Json;
    }
  /** The bot died while it was carried out: `outcome` is what the next one found in the world. */
  | {
      readonly kind: 'interrupted';
      readonly by: string;
      readonly at: number;
      readonly endedAt: number;
      readonly outcome: Json;
    };

export type Claimed =
  | { readonly ok: true; readonly confirmation: Confirmation }
  | {
      readonly ok: false;
      readonly why: Refusal;
      /** For people, with what to do; plain text. */
      readonly reason: string;
      /** Who did what `reason` tells of: a renderer names them. Null where it tells of nobody. */
      readonly by: string | null;
    };

export type Refusal =
  /** No such confirmation: forged, or older than the journal. */
  | 'unknown'
  /** The hash is not that of what was shown. */
  | 'forged'
  | 'expired'
  | 'cancelled'
  /** Being carried out, or carried out already. */
  | 'taken'
  /** What was typed is not what was asked for. */
  | 'mistyped';

/** Keeps confirmations: each is claimed once at most, whoever clicks how often, over restarts. */
export interface ConfirmationDesk {
  /** Freezes a plan. Written down before it resolves, or when the journal is away, in memory (product.md §7). */
  propose(proposal: Proposal): Promise<Confirmation>;
  /** Claims it for `by`; who comes second is refused. Written down before it resolves, as `propose`. */
  claim(id: string, hash: string, by: string, typed?: string): Promise<Claimed>;
  /** Nothing will be carried out; refused as `claim` is. */
  cancel(id: string, hash: string, by: string): Promise<Claimed>;
  /** Records what became of a claimed one. Throws when it is not claimed: a defect. */
  finish(id: string, outcome: Json): Promise<Confirmation>;
  find(id: string): Confirmation | null;
  /** Where everybody sees it: so that its buttons can be taken away after a restart. */
  standsAt(id: string, place: { readonly channelId: string; readonly messageId: string }): void;
  /** Its end is recorded, or its message tells it: nobody needs to see to that any more. */
  seenTo(id: string, what: 'recorded' | 'told'): void;
  /** Over in a former life, which is not known to have seen to both. */
  looseEnds(): readonly LooseEnd[];
  /** Claimed in a former life, and without an outcome. */
  interrupted(): readonly Confirmation[];
  /** Records what the world looks like after an interruption. */
  settleInterrupted(id: string, outcome: Json): Promise<Confirmation>;
  /** Ends what nobody confirmed in time, and records it. A claim is refused from `until` on, whenever this is called. */
  expireDue(now: number): readonly Expired[];
}

export interface Expired {
  readonly confirmation: Confirmation;
  /** Shown in public by a former life: nobody else takes its buttons away. */
  readonly orphaned: boolean;
}

export interface LooseEnd {
  readonly confirmation: Confirmation;
  readonly recorded: boolean;
  /** True, too, where nobody but an interaction's token can edit the message. */
  readonly told: boolean;
}

/** Where each run is written down, in its stream `runs/<id>`; order is kept. */
export interface RunLog {
  /** `later`: the journal is away, and it waits in memory. `fenced`: a newer bot has the journal, and this one must not act. */
  write(id: string, events: readonly JournalEvent[]): Promise<'durable' | 'later' | 'fenced'>;
  /** Nothing more is written of this run: what keeps its stream at hand may go. */
  close(id: string): void;
}

export type Proposal = Pick<Confirmation, 'act' | 'database' | 'plan' | 'summary' | 'requestedBy' | 'typed'>;
