import type { Incident } from '../incidents/incident.ts';
import type { TimelineFact } from '../incidents/timeline.ts';
import type { Json } from '../journal/journal.ts';
import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import { plainUntrusted } from '../render/untrusted.ts';
import { boundIncident, countTotals } from './bound-incident.ts';
import type { ChannelActs } from './channel-acts.ts';
import { insist } from './insist.ts';
import { type IncidentContent, letterIds, readLetter } from './letter-content.ts';
import { createNarrator } from './narrate-incident.ts';
import type { GivenUp, Outbox } from './outbox.ts';

/** It may be opened again for 15 min (product.md §8); its message is in its last state when that is over for sure. */
const FINAL_AFTER_MS = 20 * 60_000;
const LONGEST_NAME = 100;
/** A request that Discord does not answer must not hold up the end: outbox and journal are closed after it. */
const STOP_WITHIN_MS = 2_000;

/** Keeps the rooms of incidents in Discord: the summary, pinned in the alert channel, and the thread below it, where it is told. */
export interface IncidentRooms {
  /** Takes an incident's newest state. After a restart: all that are open or were closed lately, for those that Discord lacks something of. */
  keep(incident: Incident): void;
  /** From the outbox. */
  posted(letterId: string, messageId: string): void;
  /** From the outbox; a letter of another owner is not touched. */
  givenUp(letter: GivenUp): void;
  /** Of an incident that this process was told of. */
  isThread(channelId: string): boolean;
  /** Resolves when the requests under way are over, within 2 s. */
  stop(): Promise<void>;
}

interface Room {
  incident: Incident;
  /** As this process knows, which may be more than is recorded yet. */
  thread: Incident['thread'];
  /** Ends when it is opened again, or its last state is put. */
  ending: AbortController | null;
  furnished: boolean;
}

export function createIncidentRooms(options: {
  readonly outbox: Pick<Outbox, 'put' | 'has' | 'open' | 'contentOf' | 'messageOf'>;
  readonly acts: ChannelActs;
  readonly alertChannel: string;
  /** Into the incident's timeline; what follows comes back through `keep`. */
  readonly record: (incidentId: string, fact: Extract<TimelineFact, { type: 'thread' | 'pin' }>) => Promise<unknown>;
  readonly clock: Clock;
  readonly log: Log;
}): IncidentRooms {
  const { outbox, acts, alertChannel, record, clock, log } = options;
  const rooms = new Map<string, Room>();
  const threads = new Set<string>();
  const narrator = createNarrator(outbox);
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();

  function tell(room: Room, how: { readonly final: boolean }): void {
    const { incident, thread } = room;
    const before = narrator.narratedTo(incident);
    // Before the summary, which says how far it came: a crash between the two is seen by the letter that was put.
    const narratedTo = thread === null ? before : narrator.narrate(incident, thread.channelId);
    const mark = letterIds.summary(incident.id);
    const content: IncidentContent = {
      incident: boundIncident(incident),
      totals: countTotals(incident),
      narratedTo,
      mark,
    };
    outbox.put({
      id: mark,
      lane: 'normal',
      single: true,
      urgent: incident.closed !== null,
      at: incident.openedAt,
      content: content as unknown as Json,
      durable: true,
      ...how,
    });
  }

  /** The thread and the pin, once the message stands that they belong to. */
  function furnish(room: Room, messageId: string): void {
    if (room.furnished) return;
    room.furnished = true;
    if (room.thread === null) work(room, () => startThread(room, messageId));
    if (room.incident.pin === null && room.incident.closed === null) work(room, () => pin(room, messageId));
  }

  async function startThread(room: Room, messageId: string): Promise<void> {
    const { id, title } = room.incident;
    const name = plainUntrusted(`${id} ${title}`, LONGEST_NAME);
    const started = await persist('thread', () => acts.startThread(alertChannel, messageId, name));
    if (started === null) return;
    const refused = started.kind === 'refused' ? started.reason : null;
    const thread = { channelId: started.kind === 'started' ? started.channelId : null, refused };
    enter(room, thread);
    await record(id, { type: 'thread', ...thread });
  }

  async function pin(room: Room, messageId: string): Promise<void> {
    const pinned = await persist('pin', () => acts.pin(alertChannel, messageId));
    if (pinned === null) return;
    await record(room.incident.id, { type: 'pin', refused: pinned.kind === 'refused' ? pinned.reason : null });
  }

  /** From here on it is told there. */
  function enter(room: Room, thread: NonNullable<Room['thread']>): void {
    room.thread = thread;
    if (thread.channelId !== null) threads.add(thread.channelId);
    tell(room, { final: false });
  }

  /** Closed, and not opened again in time: the pin is taken away, and the message says its last word. */
  async function end(room: Room, closedAt: number, signal: AbortSignal): Promise<void> {
    const { id } = room.incident;
    await clock.sleep(Math.max(0, closedAt + FINAL_AFTER_MS - clock.now()), signal);
    const messageId = outbox.messageOf(letterIds.summary(id));
    if (signal.aborted) return;
    // Before the last word, after which a restart would not come back to it.
    if (messageId !== null) await insist(() => acts.unpin(alertChannel, messageId), { clock, signal });
    if (signal.aborted) return;
    tell(room, { final: true });
    rooms.delete(id);
    narrator.forget(id);
  }

  function work(room: Room, act: () => Promise<void>): void {
    const done = act()
      .catch((error: unknown) =>
        log.error(
          { incident: room.incident.id, error: String(error) },
          'a fault of ours in keeping an incident’s room',
        ),
      )
      .finally(() => underWay.delete(done));
    underWay.add(done);
  }

  async function persist<T extends { readonly kind: string }>(what: string, act: () => Promise<T>) {
    const outcome = await insist(act, {
      clock,
      signal: stopping.signal,
      onFailed: (reason, againMs) => log.warn({ what, reason, again: againMs }, 'not done yet'),
    });
    if (outcome?.kind === 'refused') log.warn({ what, outcome }, 'Discord refuses what an incident should have');
    return outcome;
  }

  return {
    keep(incident) {
      const { id, closed } = incident;
      if (incident.thread?.channelId) threads.add(incident.thread.channelId);
      // Its last state was delivered in a former life, or is about to be.
      if (!rooms.has(id) && closed !== null && !outbox.has(letterIds.summary(id))) return;
      const room = rooms.get(id) ?? { incident, thread: incident.thread, ending: null, furnished: false };
      rooms.set(id, room);
      room.incident = incident;
      tell(room, { final: false });
      const messageId = outbox.messageOf(letterIds.summary(id));
      if (messageId !== null) furnish(room, messageId);
      if (closed === null) {
        room.ending?.abort();
        room.ending = null;
      } else if (room.ending === null) {
        room.ending = new AbortController();
        const signal = AbortSignal.any([room.ending.signal, stopping.signal]);
        work(room, () => end(room, closed.at, signal));
      }
    },
    posted(letterId, messageId) {
      narrator.posted(letterId);
      const room = [...rooms.values()].find(({ incident }) => letterIds.summary(incident.id) === letterId);
      if (room) furnish(room, messageId);
    },
    givenUp(letter) {
      const { kind, content } = readLetter(letter.content);
      if (kind !== 'narration') return;
      narrator.moveToChannel(letter);
      const { id } = content.narration.incident;
      const room = rooms.get(id);
      if (room?.thread?.channelId !== letter.channel) return;
      enter(room, { channelId: null, refused: letter.reason });
      work(room, async () => void (await record(id, { type: 'thread', channelId: null, refused: letter.reason })));
    },
    isThread: (channelId) => threads.has(channelId),
    async stop() {
      stopping.abort();
      const bound = new AbortController();
      await Promise.race([Promise.all(underWay), clock.sleep(STOP_WITHIN_MS, bound.signal)]);
      bound.abort();
    },
  };
}
