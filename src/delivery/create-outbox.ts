import { isDeepStrictEqual } from 'node:util';
import type { StoredEvent } from '../journal/journal.ts';
import { startFallback } from './fallback-pump.ts';
import { type Lane, parcelsOf, startLane } from './lane.ts';
import { createOffice } from './office.ts';
import type { Letter, Outbox, OutboxJournal, OutboxOptions } from './outbox.ts';
import { createOutboxBook } from './outbox-book.ts';
import { awaitsEdit, awaitsPost, isUntouched, type Parcel } from './parcel.ts';
import { TUNING } from './tuning.ts';

/** Loads what the journal knows and goes on from there. Never throws: without its journal it begins with nothing, and says so. */
export async function createOutbox(options: OutboxOptions): Promise<Outbox> {
  const { journal, transports, fallback, clock, log, newNonce } = options;
  const tuning = { ...TUNING, ...options.tuning };
  const loops: Lane[] = [];
  /** By channel. */
  const elsewhere = new Map<string, Lane>();
  const ringAll = (): void => [...loops, ...elsewhere.values()].forEach((loop) => loop.ring());
  const events = await load(journal, options);
  const book = createOutboxBook(events);
  const office = createOffice(options, { book, tuning, ringAll });

  function begin({ id, lane, at, content, final, urgent, channel, single }: Letter): void {
    const place = { ...(channel !== undefined && { channel }), ...(single && { single }) };
    office.record({ type: 'queued', data: { id, nonce: newNonce(), lane, at, content, final, ...place } });
    const parcel = book.parcels.get(id);
    if (parcel) parcel.urgent = urgent;
    if (channel !== undefined) serve(channel);
    else if (lane === 'normal') gather();
  }

  /** Another channel has a loop of its own while there is something for it: what hangs there holds nobody else up. */
  function serve(channel: string): void {
    for (const [key, loop] of elsewhere) {
      if (key === channel || parcelsOf(book, key).length > 0) continue;
      elsewhere.delete(key);
      office.ways.forget(key);
      void loop.stop();
    }
    if (elsewhere.has(channel)) return;
    const transport = transports.elsewhere(channel);
    elsewhere.set(channel, startLane({ key: channel, transport, budget: tuning.budget, office }));
  }

  /** More waiting warnings than people can read one by one become, or join, one digest that is not posted yet. */
  function gather(): void {
    const lane = parcelsOf(book, 'normal').filter((parcel) => isUntouched(parcel) && !parcel.single);
    const letters = lane.filter(({ kind, final }) => kind === 'letter' && !final);
    const digest = lane.find(({ kind }) => kind === 'digest');
    const waiting = letters.length + (digest ? book.members(digest.id).length : 0);
    if (waiting <= tuning.digestBeyond || letters.length === 0) return;
    const nonce = digest?.nonce ?? newNonce();
    const id = digest?.id ?? `digest.${nonce}`;
    office.record({ type: 'digested', data: { id, nonce, members: letters.map((letter) => letter.id) } });
    if (!digest) log.warn({ id, letters: letters.length }, 'too many warnings wait: they become one digest');
  }

  function change(parcel: Parcel, { content, final, urgent, durable }: Letter): void {
    const same = parcel.final === final && isDeepStrictEqual(parcel.content, content);
    if (parcel.final || same) return;
    if (durable || final) office.record({ type: 'wanted', data: { id: parcel.id, content, final } });
    else book.want(parcel.id, content, final);
    // What was urgent and has not been sent stays urgent, though newer numbers have come.
    const shown = (parcel.within === null ? undefined : book.parcels.get(parcel.within)) ?? parcel;
    shown.urgent ||= urgent;
    const stands = shown.messageId !== null && !awaitsEdit(shown);
    if (shown.final && (shown.gone || stands)) office.record({ type: 'closed', data: { id: shown.id } });
  }

  const unsent = (): Parcel[] => [...book.parcels.values()].filter((one) => isUnsent(one));
  const now = clock.now();
  for (const parcel of book.parcels.values()) {
    if (parcel.messageId === null) {
      parcel.lastTriedAt = now;
      continue;
    }
    // An edit of the process before may be on its way. Sent again is what is over, and soon; what still fires only when
    // no late edit can come any more, for the owner has newer numbers by then.
    parcel.doubt = { from: now, forMs: tuning.lateMs };
    if (!parcel.final) Object.assign(parcel, { sentVersion: parcel.version, complete: true });
  }
  if (events.length > 0) {
    // Not vital: the next start, or the next some hundred events, try it again.
    await journal.compact(book.summarise(now, tuning.rememberMs)).catch((err: unknown) => {
      log.warn({ err }, 'the outbox could not be compacted');
    });
  }
  loops.push(
    startLane({ key: 'critical', transport: transports.critical, budget: null, office }),
    startLane({ key: 'normal', transport: transports.normal, budget: tuning.budget, office }),
  );
  for (const { channel } of book.parcels.values()) if (channel !== null) serve(channel);
  if (fallback) loops.push(startFallback(fallback, office));

  return {
    put(letter) {
      if (book.finished.has(letter.id)) return;
      const known = book.parcels.get(letter.id);
      if (known) change(known, letter);
      else begin(letter);
      ringAll();
    },
    has: (id) => book.parcels.get(id)?.kind === 'letter',
    open: () => [...book.parcels.values()].filter(({ kind }) => kind === 'letter').map(({ id }) => id),
    contentOf: (id) => book.parcels.get(id)?.content ?? null,
    messageOf: (id) => (book.parcels.get(id) ?? book.finished.get(id))?.messageId ?? null,
    waiting: () => unsent().length,
    health() {
      const at = clock.now();
      const alerts = [...book.parcels.values()].filter(({ channel }) => channel === null);
      const failing = alerts.flatMap(({ failingSince }) => failingSince ?? []);
      const since = Math.min(office.outage.since ?? Number.POSITIVE_INFINITY, ...failing);
      const failingSince = Number.isFinite(since) ? since : null;
      const oldest = Math.min(...alerts.filter(awaitsPost).map(({ queuedAt }) => queuedAt));
      return {
        silentSince: office.outage.since,
        failingSince,
        reason: failingSince === null ? null : (office.outage.reason ?? office.lastRefusal),
        lastDeliveredAt: office.outage.lastDeliveredAt,
        oldestWaitingMs: Number.isFinite(oldest) ? Math.max(0, at - oldest) : null,
      };
    },
    gatewayDead(reason) {
      office.dead = reason;
      ringAll();
    },
    async stop() {
      await Promise.all([...loops, ...elsewhere.values()].map((loop) => loop.stop()));
    },
  };
}

async function load(journal: OutboxJournal, { log }: OutboxOptions): Promise<readonly StoredEvent[]> {
  try {
    return await journal.load();
  } catch (error) {
    log.error({ error: String(error) }, 'the outbox cannot be read: messages that stand may be posted again');
    return [];
  }
}

/** Still to be posted, or different from what stands in the channel. */
function isUnsent(parcel: Parcel): boolean {
  return awaitsPost(parcel) || awaitsEdit(parcel);
}
