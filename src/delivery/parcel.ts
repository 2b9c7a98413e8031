import type { Json } from '../journal/journal.ts';
import type { LaneName } from './outbox.ts';
import type { Wait } from './wait.ts';

/**
 * One message on its way, or standing in the channel: a letter, the digest of many letters, or the note about an outage.
 * What the journal says of it is changed only by outbox-book.ts; the rest is of this process and begins anew after a restart.
 */
export interface Parcel {
  readonly id: string;
  readonly kind: 'letter' | 'digest' | 'note';
  readonly lane: LaneName;
  /** Null for the alert channel. */
  readonly channel: string | null;
  /** Never told by a digest or a note in its place. */
  readonly single: boolean;
  readonly nonce: string;
  /** Epoch milliseconds: when what it tells began; when its nonce was written down, before which no post can have been made. */
  readonly at: number;
  readonly queuedAt: number;

  /** For a note `{from, to}`, for a digest nothing: these are made of their members. */
  content: Json;
  final: boolean;
  messageId: string | null;
  /** Somebody deleted it in Discord: it stays away until its last state. */
  gone: boolean;
  /** Sent through the fallback: not again, and not with a second ping. */
  told: boolean;
  /** The digest or note that tells this letter instead of a message of its own. */
  within: string | null;

  /** Grows with every change of what is wanted. */
  version: number;
  urgent: boolean;
  /** The version that stands in the channel; -1 where that is not known. */
  sentVersion: number;
  /** Whether it stands there with what the post leaves out. */
  complete: boolean;
  /** When the first post was tried that may have arrived, and that no look-up has disproved since; null for none. */
  triedAt: number | null;
  /** An edit that was given up may still take effect, and put an old state over a newer one: then it is sent once more. */
  doubt: Wait | null;
  /** When the last post was tried that may still arrive, or at which this process began; null for none. */
  lastTriedAt: number | null;
  /** The history may not be read: it is posted again unseen. */
  blind: boolean;
  /** Pending writes without which it must not be posted. */
  unwritten: number;
  /** A request about it is under way. */
  sending: boolean;
  /** No file in it: Discord refused it with one. */
  plain: boolean;
  sentAt: number | null;
  /** Until the next try after a failure. */
  wait: Wait | null;
  failures: number;
  failingSince: number | null;
  /** Those behind it may be posted before it. */
  aside: boolean;
}

export type NewParcel = Pick<Parcel, 'id' | 'kind' | 'lane' | 'nonce' | 'at' | 'queuedAt' | 'content' | 'final'> & {
  /** As the journal has it: the entries of former versions lack it. */
  readonly channel?: string;
  readonly single?: true;
};

export function createParcel({ channel, single, ...fresh }: NewParcel): Parcel {
  return {
    ...fresh,
    channel: channel ?? null,
    single: single === true || channel !== undefined,
    messageId: null,
    gone: false,
    told: false,
    within: null,
    version: 0,
    urgent: false,
    sentVersion: -1,
    complete: false,
    triedAt: null,
    doubt: null,
    lastTriedAt: null,
    blind: false,
    unwritten: 0,
    sending: false,
    plain: false,
    sentAt: null,
    wait: null,
    failures: 0,
    failingSince: null,
    aside: false,
  };
}

/** Never posted, and no post of it can have arrived either. */
export function isUntouched(parcel: Parcel): boolean {
  return awaitsPost(parcel) && parcel.triedAt === null && !parcel.sending;
}

export function awaitsPost({ messageId, gone, within }: Parcel): boolean {
  return messageId === null && !gone && within === null;
}

export function awaitsEdit(parcel: Parcel): boolean {
  return parcel.messageId !== null && !parcel.gone && (isOutdated(parcel) || parcel.doubt !== null);
}

/**
 * By what its messages are found in the channel's history: what every message of an alert has in its custom ids is the
 * alert's id; any other letter carries its own, as digests and notes do in the footer.
 */
export function markOf({ kind, id, single }: Parcel): string {
  return kind === 'letter' && !single ? (id.split('.')[0] ?? id) : id;
}

/** What stands in the channel is not all that is wanted. */
export function isOutdated({ version, sentVersion, complete }: Parcel): boolean {
  return version > sentVersion || !complete;
}
