import type { JournalEvent, Json, StoredEvent } from '../journal/journal.ts';
import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import type { Severity } from '../model/rule-options.ts';
import type { Message } from '../render/message.ts';
import type { ChannelTransport, Delivered } from './transport.ts';
import type { Tuning } from './tuning.ts';

export type LaneName = 'critical' | 'normal';

/** One message as its owner wants it now. */
export interface Letter {
  /** Names one message for ever, as in `3f9c2a71.1` (alert id . post number); at most 60 characters. */
  readonly id: string;
  readonly lane: LaneName;
  /** Where it goes for ever, a channel's or a thread's id; left out for the alert channel. Elsewhere it is always `single`. */
  readonly channel?: string;
  /** A message of its own, however late: no digest and no note tells it, and the fallback does not. Its messages carry its whole id. */
  readonly single?: true;
  /** An edit of this does not wait out the edit interval. */
  readonly urgent: boolean;
  /** The last state: forgotten once delivered. */
  readonly final: boolean;
  /** Epoch milliseconds: when what it tells began. */
  readonly at: number;
  /** What it is rendered from, so that a restart can render it again. */
  readonly content: Json;
  /** Journalled, as a change of state is; false for newer numbers only, which live in memory. */
  readonly durable: boolean;
}

/** The durable queue into Discord: every letter becomes one message, posted once and edited to its newest state. */
export interface Outbox {
  /**
   * Takes a letter's newest state; the order of first puts is the order of posts within a lane. The same state again
   * changes nothing, and what has been delivered in its last state is ignored: after a restart the owner may put all it knows.
   */
  put(letter: Letter): void;
  /** Known here, and not yet delivered in its last state. */
  has(id: string): boolean;
  /** The letters whose last state has not been delivered, oldest first. */
  open(): readonly string[];
  /** What a letter was last wanted to say; null for one that is not known. */
  contentOf(id: string): Json | null;
  /** The message in which a letter stands; null while none is known. */
  messageOf(id: string): string | null;
  /** Messages that have something to send. */
  waiting(): number;
  health(): OutboxHealth;
  /** The bot cannot log in any more: what is not posted goes through the fallback at once. Null: it can again. */
  gatewayDead(reason: string | null): void;
  /** Ends the sending; resolves when the requests under way are over. The journal's writer is stopped by its owner, afterwards. */
  stop(): Promise<void>;
}

/** Of the alert channel: what troubles another is in the log, and its letters' owner is told. */
export interface OutboxHealth {
  /** Since when nothing at all arrives, epoch milliseconds; null while something does. */
  readonly silentSince: number | null;
  /** Since when some message has not arrived, others may, epoch milliseconds; null while all that is sent arrives. */
  readonly failingSince: number | null;
  readonly reason: string | null;
  /** Epoch milliseconds. */
  readonly lastDeliveredAt: number | null;
  /** How long the oldest unposted message has been waiting; null when none is. */
  readonly oldestWaitingMs: number | null;
}

/** What a digest or a note says of one letter. */
export interface Described {
  /** One line of plain text, as the world gave it: renderers escape it. */
  readonly line: string;
  readonly severity: Severity;
  readonly over: boolean;
  /** It goes on, and a newer message tells it. */
  readonly superseded?: boolean;
}

/** The part of the journal's stream writer (stream `outbox`) that is needed here. */
export interface OutboxJournal {
  load(): Promise<readonly StoredEvent[]>;
  /** `later`: the journal is unavailable and the events wait in memory; a duplicate beats silence (product.md §7). */
  write(events: readonly JournalEvent[]): Promise<'durable' | 'later'>;
  compact(summary: readonly JournalEvent[]): Promise<unknown>;
}

/** Another way to people when the bot has none; never throws. */
export interface Fallback {
  send(message: Message): Promise<Delivered>;
}

/** A letter whose channel takes no messages any more: deleted, locked, forbidden. */
export interface GivenUp {
  readonly id: string;
  readonly channel: string;
  readonly content: Json;
  /** As Discord gave it. */
  readonly reason: string;
}

export interface OutboxOptions {
  readonly journal: OutboxJournal;
  /** Each on a REST client of its own: a client sends the requests of one bucket one after the other. */
  readonly transports: Readonly<Record<LaneName, ChannelTransport>> & {
    /** To another channel, or a thread; called once while letters for it are on their way. */
    readonly elsewhere: (channel: string) => ChannelTransport;
  };
  /** A letter's message stands now; what a former process posted is asked for with `messageOf`. */
  readonly onPosted?: (id: string, messageId: string) => void;
  /** Before it is forgotten: what the owner puts in its place is written down first. A crash between the two tells it again. */
  readonly onGivenUp?: (letter: GivenUp) => void;
  readonly fallback: Fallback | null;
  /** Without `complete` it leaves out what takes long to draw. */
  readonly render: (content: Json, options: { readonly complete: boolean }) => Promise<Message>;
  readonly describe: (content: Json) => Described;
  readonly clock: Clock;
  readonly log: Log;
  /** At most 25 characters, never the same twice. */
  readonly newNonce: () => string;
  readonly random: () => number;
  readonly tuning?: Partial<Tuning>;
}
