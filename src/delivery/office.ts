import type { Json } from '../journal/journal.ts';
import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import { renderDigest } from '../render/digest-message.ts';
import type { Message } from '../render/message.ts';
import { renderOutageNote } from '../render/outage-note.ts';
import type { SendKind } from './choose-job.ts';
import { createOutage, type Outage } from './outage.ts';
import type { OutboxOptions } from './outbox.ts';
import type { OutboxBook } from './outbox-book.ts';
import { type OutboxEvent, toJournal } from './outbox-events.ts';
import type { Parcel } from './parcel.ts';
import type { Tuning } from './tuning.ts';
import { laterWait } from './wait.ts';
import { createWays, type Ways } from './ways.ts';

/** What the lanes and the fallback share: the book and its journal, and what is known of the way to Discord. */
export interface Office {
  readonly book: OutboxBook;
  readonly clock: Clock;
  readonly log: Log;
  readonly tuning: Tuning;
  /** The alert channel's. */
  readonly outage: Outage;
  readonly ways: Ways;
  /** Since when the alert channel or the token has been refused, epoch milliseconds. */
  deniedSince: number | null;
  /** Why the bot cannot log in; null while it can. */
  dead: string | null;
  /** Enters the events and writes them down; what must not be posted before they are durable waits for that. */
  record(...events: readonly OutboxEvent[]): void;
  /** Renders the newest state. Throws what the renderer throws. */
  make(parcel: Parcel, complete: boolean): Promise<Message>;
  /** It was sent and arrived: an outage may be over. */
  arrived(parcel: Parcel): void;
  /** Its message stands. */
  posted(id: string, messageId: string): void;
  /** Tells letters that came and went unseen in a note. */
  passOver(parcels: readonly Parcel[]): void;
  /** A rate limit: all lanes that it is about wait for it. */
  limit(parcel: Parcel, kind: SendKind, forMs: number, limited: 'channel' | 'global'): void;
  /** The token or the channel is refused: this lane asks again after a while. */
  deny(parcel: Parcel, kinds: readonly SendKind[]): void;
  /** Its channel, another than that of the alerts, takes nothing any more: its owner is told, and it is forgotten. */
  giveUp(parcel: Parcel, channel: string, reason: string): void;
  /** Tells each reason of a refusal once. */
  refused(parcel: Parcel, reason: string): void;
  /** What Discord refused last of what goes to the alert channel, for people. */
  lastRefusal: string | null;
  backOff(parcel: Parcel): number;
  ringAll(): void;
}

export function createOffice(
  { journal, render, describe, onPosted, onGivenUp, clock, log, newNonce, random }: OutboxOptions,
  { book, tuning, ringAll }: Pick<Office, 'book' | 'tuning' | 'ringAll'>,
): Office {
  const outage = createOutage();
  const ways = createWays(outage);
  const told = new Set<string>();
  let written = 0;

  function record(...events: readonly OutboxEvent[]): void {
    const now = Math.round(clock.now());
    for (const event of events) book.apply(event, now);
    const gated = events.flatMap(({ type, data }) => {
      const parcel = GATING.has(type) && 'id' in data ? book.parcels.get(data.id) : undefined;
      return parcel ? [parcel] : [];
    });
    for (const parcel of gated) parcel.unwritten += 1;
    written += events.length;
    void write(events.map((event) => toJournal(event, now))).then(() => {
      for (const parcel of gated) parcel.unwritten -= 1;
      if (gated.length > 0) ringAll();
      if (written >= tuning.compactEvery) compact();
      return undefined;
    });
  }

  /** Never rejects, and is over in time: a duplicate beats silence (product.md §7). */
  async function write(events: Parameters<typeof journal.write>[0]): Promise<void> {
    const patience = new AbortController();
    try {
      await Promise.race([journal.write(events), clock.sleep(tuning.journalPatienceMs, patience.signal)]);
    } catch (error) {
      log.error({ error: String(error), types: events.map(({ type }) => type) }, 'the outbox cannot be journalled');
    } finally {
      patience.abort();
    }
  }

  function compact(): void {
    written = 0;
    journal.compact(book.summarise(clock.now(), tuning.rememberMs)).catch((error: unknown) => {
      log.warn({ error: String(error) }, 'the outbox is not compacted');
    });
  }

  function openNote(): Parcel | undefined {
    return [...book.parcels.values()].find(({ kind }) => kind === 'note');
  }

  function noted(
    known: Parcel | undefined,
    parts: { from: number; to: number | null; members: string[] },
  ): OutboxEvent {
    const nonce = known?.nonce ?? newNonce();
    return { type: 'noted', data: { id: known?.id ?? `note.${nonce}`, nonce, ...parts } };
  }

  const office: Office = {
    book,
    clock,
    log,
    tuning,
    outage,
    ways,
    deniedSince: null,
    dead: null,
    lastRefusal: null,
    record,
    ringAll,
    async make(parcel, complete) {
      const members = [...book.members(parcel.id)].sort((a, b) => a.at - b.at);
      const lines = members.map(({ content }) => describe(content));
      if (parcel.kind === 'digest') return renderDigest(parcel.id, lines);
      if (parcel.kind === 'letter') return render(parcel.content, { complete });
      const { from, to } = spanOf(parcel.content);
      return renderOutageNote({ id: parcel.id, from, to: to ?? clock.now(), lines: lines.map(({ line }) => line) });
    },
    arrived(parcel) {
      if (parcel.channel !== null) {
        ways.of(parcel).outage.delivered(clock.now());
        return;
      }
      const ended = outage.delivered(clock.now());
      office.deniedSince = null;
      told.clear();
      const note = openNote();
      const span = note && spanOf(note.content);
      if (ended === null && span?.to !== null) return;
      const to = Math.round(ended?.to ?? clock.now());
      if (note && span?.to === null) record(noted(note, { from: span.from, to, members: [] }));
      else if (ended && to - ended.from >= tuning.staleAfterMs) {
        const from = Math.min(Math.round(ended.from), span?.from ?? Number.POSITIVE_INFINITY);
        record(noted(note, { from, to, members: [] }));
      }
    },
    posted: (id, messageId) => onPosted?.(id, messageId),
    passOver(parcels) {
      const letters = parcels.flatMap((parcel) => (parcel.kind === 'digest' ? book.members(parcel.id) : [parcel]));
      const note = openNote();
      const span = note ? spanOf(note.content) : { from: Number.POSITIVE_INFINITY, to: null };
      const began = Math.min(span.from, outage.since ?? span.from, ...letters.map(({ queuedAt }) => queuedAt));
      const to = outage.since === null ? span.to : null;
      const closed = parcels.flatMap(({ kind, id }): OutboxEvent[] =>
        kind === 'digest' ? [{ type: 'closed', data: { id } }] : [],
      );
      // At once: a digest without its letters would be left behind by a crash between the two.
      record(noted(note, { from: Math.round(began), to, members: letters.map(({ id }) => id) }), ...closed);
      log.info({ letters: letters.map(({ id }) => id) }, 'came and went unseen: told in a note');
    },
    limit(parcel, kind, forMs, limited) {
      ways.limit(parcel, kind, { from: clock.now(), forMs }, limited);
    },
    deny(parcel, kinds) {
      const now = clock.now();
      // The fallback is for the alert channel's letters.
      if (parcel.channel === null) office.deniedSince ??= now;
      const { pauses } = ways.of(parcel);
      for (const kind of kinds) pauses[kind] = laterWait(pauses[kind], { from: now, forMs: tuning.deniedRetryMs });
      ringAll();
    },
    giveUp(parcel, channel, reason) {
      log.error({ id: parcel.id, channel, reason }, 'the channel takes no messages any more: the letter is given up');
      onGivenUp?.({ id: parcel.id, channel, content: parcel.content, reason });
      record({ type: 'closed', data: { id: parcel.id } });
    },
    refused({ id, channel }, reason) {
      if (channel === null) office.lastRefusal = reason;
      ringAll();
      if (told.has(reason)) return;
      told.add(reason);
      log.error({ id, reason }, 'Discord refuses what is sent; it will be tried again');
    },
    backOff(parcel) {
      parcel.failures += 1;
      parcel.failingSince ??= clock.now();
      const doubled = tuning.retryFirstMs * 2 ** Math.min(30, parcel.failures - 1);
      return Math.round(Math.min(tuning.retryMostMs, doubled) * (1 - random() / 4));
    },
  };
  return office;
}

/** What names a nonce, or what a folder tells: durable before it is sent. */
const GATING: ReadonlySet<OutboxEvent['type']> = new Set(['queued', 'digested', 'noted']);

function spanOf(content: Json): { readonly from: number; readonly to: number | null } {
  return content as { readonly from: number; readonly to: number | null };
}
