import { isDeepStrictEqual } from 'node:util';
import type { JournalEvent, Json, StoredEvent } from '../journal/journal.ts';
import { fromJournal, type OutboxEvent, toJournal } from './outbox-events.ts';
import { createParcel, type Parcel } from './parcel.ts';
import { isWithin } from './wait.ts';

/** Everything that is on its way, as the journal's events tell it: the same fold for what is read and for what happens. */
export interface OutboxBook {
  /** In the order in which they were first put. */
  readonly parcels: ReadonlyMap<string, Parcel>;
  /** What was finished lately; a message id where one stands. */
  readonly finished: ReadonlyMap<string, { readonly messageId: string | null; readonly at: number }>;
  /** Events that this version does not know. */
  readonly unknown: readonly JournalEvent[];
  apply(event: OutboxEvent, now: number): void;
  /** A letter's newest state, which its digest has to tell too. */
  want(id: string, content: Json, final: boolean): void;
  members(folder: string): readonly Parcel[];
  /** The same book in as few events; finished letters of the last `rememberMs` only, and the newest thousand. */
  summarise(now: number, rememberMs: number): readonly JournalEvent[];
}

export function createOutboxBook(events: readonly StoredEvent[] = []): OutboxBook {
  const parcels = new Map<string, Parcel>();
  const finished = new Map<string, { readonly messageId: string | null; readonly at: number }>();
  const unknown: JournalEvent[] = [];

  const members = (folder: string): Parcel[] => [...parcels.values()].filter(({ within }) => within === folder);

  function close(id: string, now: number): void {
    const parcel = parcels.get(id);
    if (!parcel) return;
    parcels.delete(id);
    finished.set(id, { messageId: parcel.messageId, at: now });
    for (const member of members(id)) close(member.id, now);
  }

  function fold(folder: Parcel, ids: readonly string[]): void {
    for (const id of ids) {
      const member = parcels.get(id);
      if (!member || member.within === folder.id) continue;
      member.within = folder.id;
      folder.version += 1;
    }
    reckon(folder);
  }

  /** A digest is in its last state when all that it tells is over. */
  function reckon(folder: Parcel): void {
    if (folder.kind === 'digest') folder.final = members(folder.id).every(({ final }) => final);
  }

  function want(id: string, content: Json, final: boolean): void {
    const parcel = parcels.get(id);
    if (!parcel) return;
    // That it is its last state alone is no news for those who read it.
    const version = isDeepStrictEqual(parcel.content, content) ? parcel.version : parcel.version + 1;
    Object.assign(parcel, { content, final, version });
    const folder = parcel.within === null ? undefined : parcels.get(parcel.within);
    if (!folder) return;
    folder.version += 1;
    reckon(folder);
  }

  function apply(event: OutboxEvent, now: number): void {
    const { type, data } = event;
    const known = 'id' in data ? parcels.get(data.id) : undefined;
    switch (type) {
      case 'queued':
        // Twice only where a write was repeated: the first nonce is the one that may have been used.
        if (!known) parcels.set(data.id, createParcel({ ...data, kind: 'letter', queuedAt: now }));
        return;
      case 'wanted':
        want(data.id, data.content, data.final);
        return;
      case 'posted':
        if (known) known.messageId = data.messageId;
        return;
      case 'told':
        if (known) known.told = true;
        return;
      case 'digested':
      case 'noted': {
        const folder = known ?? beginFolder(data, type === 'digested' ? 'digest' : 'note', now);
        if (event.type === 'noted')
          Object.assign(folder, { content: { from: event.data.from, to: event.data.to }, final: true });
        parcels.set(folder.id, folder);
        fold(folder, data.members);
        return;
      }
      case 'closed':
        close(data.id, now);
        return;
      case 'kept': {
        const { messageId, told, within, ...fresh } = data;
        parcels.set(data.id, Object.assign(createParcel(fresh), { messageId, told, within }));
        return;
      }
      case 'finished':
        for (const { id, ...rest } of data.letters) finished.set(id, rest);
    }
  }

  for (const stored of events) {
    const event = fromJournal(stored);
    if (event) apply(event, stored.at);
    else unknown.push({ type: stored.type, version: stored.version, at: stored.at, data: stored.data });
  }
  // The process before may have posted any of these, and died before it could write that down.
  for (const parcel of parcels.values()) if (parcel.messageId === null) parcel.triedAt = parcel.queuedAt;

  return {
    parcels,
    finished,
    unknown,
    apply,
    want,
    members,
    summarise(now, rememberMs) {
      for (const [id, { at }] of finished) {
        if (finished.size > MOST_FINISHED || !isWithin(at, rememberMs, now)) finished.delete(id);
      }
      const letters = [...finished].map(([id, { messageId, at }]) => ({ id, messageId, at }));
      const kept = [...parcels.values()].map((parcel) => toJournal({ type: 'kept', data: keep(parcel) }, now));
      const past = letters.length > 0 ? [toJournal({ type: 'finished', data: { letters } }, now)] : [];
      return [...unknown, ...past, ...kept];
    },
  };
}

/** They travel in one event. */
const MOST_FINISHED = 1_000;

function beginFolder({ id, nonce }: { id: string; nonce: string }, kind: 'digest' | 'note', now: number): Parcel {
  return createParcel({ id, kind, nonce, lane: 'normal', at: now, queuedAt: now, content: null, final: false });
}

function keep(parcel: Parcel) {
  const { id, kind, nonce, lane, at, queuedAt, content, final, messageId, told, within, channel, single } = parcel;
  const place = { ...(channel !== null && { channel }), ...(single && { single: true as const }) };
  return { id, kind, nonce, lane, at, queuedAt, content, final, messageId, told, within, ...place };
}
