/** What JSON can hold: events are kept as text, here or in the cluster. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** One thing that happened, as it is kept. Never holds a secret. */
export interface JournalEvent {
  readonly type: string;
  /** Of the form of `data`; a reader keeps what it does not know, and does not act on it. */
  readonly version: number;
  /** Epoch milliseconds, UTC. */
  readonly at: number;
  readonly data: Json;
}

export interface StoredEvent extends JournalEvent {
  /** From 1, without gaps but for those that a compaction left, within its stream. */
  readonly seq: number;
}

export type Appended =
  /** Durable; `seq` is that of the last event. */
  | { readonly ok: true; readonly seq: number }
  /** Somebody else has written since: `seq` is where the stream is now. Nothing was written. */
  | { readonly ok: false; readonly kind: 'conflict'; readonly seq: number }
  /** A newer writer has taken over; this one must stop. Nothing was written. */
  | { readonly ok: false; readonly kind: 'fenced'; readonly epoch: number }
  /** Whether it was written is unknown; reading tells. */
  | { readonly ok: false; readonly kind: 'unavailable'; readonly reason: string };

export type ReadEvents =
  | { readonly ok: true; readonly events: readonly StoredEvent[] }
  | { readonly ok: false; readonly reason: string };

export type ListedStreams =
  | { readonly ok: true; readonly streams: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/**
 * The append-only store: a log of events per stream, every other state a fold over it. Streams: `alerts`, `silences`,
 * `outbox`, `runs/<id>`, `incidents/<id>`, `evidence/<id>`. A port: nothing here throws.
 */
export interface Journal {
  /** Of this writer: one more than that of the writer before. A paused old writer is fenced out by it. */
  readonly epoch: number;
  /** Appends after `expectedSeq` (0 for an empty stream): all of it or nothing, durable before it resolves. */
  append(stream: string, expectedSeq: number, epoch: number, events: readonly JournalEvent[]): Promise<Appended>;
  /** The events with a greater seq than `after`, oldest first. */
  read(stream: string, after?: number): Promise<ReadEvents>;
  /**
   * The names of the streams that begin with `prefix`, in the order of their names; with `newest`, only so many of them,
   * the one that was written to last (by its last event's time) first.
   */
  list(prefix: string, newest?: number): Promise<ListedStreams>;
  /**
   * Puts `summary` in the place of all events up to `throughSeq`, at once or not at all; later events keep their seq.
   * For streams whose owner says how it compacts: never for an audit trail.
   */
  compact(stream: string, throughSeq: number, epoch: number, summary: readonly JournalEvent[]): Promise<Appended>;
  close(): Promise<void>;
}
