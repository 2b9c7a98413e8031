import { isDeepStrictEqual } from 'node:util';
import type { StoredEvent } from '../journal/journal.ts';
import { startFallback } from './fallback-pump.ts';
import { type Lane, startLane } from './lane.ts';
import { createOffice, laneOf } from './office.ts';
import type { Letter, Outbox, OutboxJournal, OutboxOptions } from './outbox.ts';
import { createOutboxBook } from './outbox-book.ts';
import { awaitsEdit, awaitsPost, isUntouched, type Parcel } from './parcel.ts';
import { TUNING } from './tuning.ts';

/** Loads what the journal knows and goes on from there. Never throws: without its journal it begins with nothing, and says so. */
export async function createOutbox(options: OutboxOptions): Promise<Outbox> {
  const { journal, transports, fallback, clock, log, newNonce } = options;
  const tuning = { ...TUNING, ...options.tuning };
  const loops: Lane[] = [];
  const ringAll = (): void => loops.forEach((loop) => loop.ring());
  const events = await load(journal, options);
  const book = createOutboxBook(events);
  const office = createOffice(options, { book, tuning, ringAll });

  function begin({ id, lane, at, content, final, urgent }: Letter): void {
    office.record({ type: 'queued', data: { id, nonce: newNonce(), lane, at, content, final } });
    const parcel = book.parcels.get(id);
    if (parcel) parcel.urgent = urgent;
    if (lane === 'normal') gather();
  }

  /** More waiting warnings than people can read one by one become, or join, one digest that is not posted yet. */
  function gather(): void {
    const lane = laneOf(book, 'normal').filter(isUntouched);
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
    if (shown.gone && shown.final) office.record({ type: 'closed', data: { id: shown.id } });
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
    startLane({ name: 'critical', transport: transports.critical, budget: null, office }),
    startLane({ name: 'normal', transport: transports.normal, budget: tuning.budget, office }),
  );
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
    waiting: () => unsent().length,
    health() {
      const at = clock.now();
      const failing = [...book.parcels.values()].flatMap(({ failingSince }) => failingSince ?? []);
      const since = Math.min(office.outage.since ?? Number.POSITIVE_INFINITY, ...failing);
      const failingSince = Number.isFinite(since) ? since : null;
      const oldest = Math.min(...[...book.parcels.values()].filter(awaitsPost).map(({ queuedAt }) => queuedAt));
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
      await Promise.all(loops.map((loop) => loop.stop()));
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
