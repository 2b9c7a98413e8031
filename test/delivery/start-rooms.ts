import type { ChannelActs, PinChanged, ThreadStarted } from '../../src/delivery/channel-acts.ts';
import { createOutbox } from '../../src/delivery/create-outbox.ts';
import { createIncidentRooms, type IncidentRooms } from '../../src/delivery/keep-incident-rooms.ts';
import { readLetter } from '../../src/delivery/letter-content.ts';
import type { Outbox } from '../../src/delivery/outbox.ts';
import type { ChannelTransport } from '../../src/delivery/transport.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import type { TimelineEvent, TimelineFact } from '../../src/incidents/timeline.ts';
import type { Json } from '../../src/journal/journal.ts';
import { COLOURS, type Message } from '../../src/render/message.ts';
import { createManualClock, settle } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { createFakeChannel, type FakeChannel } from './fake-channel.ts';
import { createFakeJournal } from './fake-journal.ts';

export const ID = '20201211-1324';

/** As short as a test can read it: `open` or `closed` for the summary, the events joined by ` + ` for a narration. */
async function renderShortly(json: Json): Promise<Message> {
  const { kind, content } = readLetter(json);
  if (kind === 'alert') return { content: (json as unknown as { text: string }).text };
  const title =
    kind === 'incident'
      ? content.incident.closed
        ? 'closed'
        : 'open'
      : kind === 'narration'
        ? content.narration.events.map(({ fact }) => wordFor(fact)).join(' + ')
        : kind === 'act'
          ? content.act.fact.summary
          : 'checks';
  return { embed: { title, colour: COLOURS.calm, footer: `x · ${content.mark}` } };
}

function wordFor(fact: TimelineFact): string {
  if (fact.type === 'note') return fact.text;
  if (fact.type === 'act') return `${fact.act} ${fact.stage}`;
  return 'refused' in fact && fact.refused !== null ? `no ${fact.type}: ${fact.refused}` : fact.type;
}

export const note = (text: string): TimelineFact => ({ type: 'note', text });

/** The rooms on a real outbox, with fake channels, acts, journal and book, which outlive every process. */
export async function startRooms() {
  const clock = createManualClock();
  const log = createRecordedLog();
  const journal = createFakeJournal();
  const places = new Map<string, FakeChannel>();
  const place = (id: string): FakeChannel => {
    const known = places.get(id) ?? createFakeChannel(clock, id === 'alerts' ? 'm' : `${id}-`);
    places.set(id, known);
    return known;
  };
  const done: string[] = [];
  /** What the next acts come to, in the place of what they would. */
  const outcomes: Record<'pin' | 'unpin', (PinChanged | 'hang')[]> & { thread: (ThreadStarted | 'hang')[] } = {
    thread: [],
    pin: [],
    unpin: [],
  };
  const act = async <T>(name: string, special: T | 'hang' | undefined, usual: T): Promise<T> => {
    done.push(name);
    return special === 'hang' ? new Promise<never>(() => {}) : (special ?? usual);
  };
  const acts: ChannelActs = {
    startThread: (_, messageId) =>
      act(`thread ${messageId}`, outcomes.thread.shift(), { kind: 'started', channelId: messageId }),
    pin: (_, messageId) => act(`pin ${messageId}`, outcomes.pin.shift(), { kind: 'done' }),
    unpin: (_, messageId) => act(`unpin ${messageId}`, outcomes.unpin.shift(), { kind: 'done' }),
  };

  let incident: Incident = {
    id: ID,
    title: 'main is full',
    openedAt: clock.now(),
    openedBy: null,
    databases: ['main'],
    alerts: [],
    commander: null,
    calmSince: null,
    closed: null,
    thread: null,
    pin: null,
    events: [],
  };
  let nonces = 0;
  let life = await begin();

  function say(fact: TimelineFact, by: string | null = null): void {
    const event: TimelineEvent = { at: clock.now(), by, fact };
    incident = { ...incident, events: [...incident.events, event] };
    if (fact.type === 'thread')
      incident = { ...incident, thread: { channelId: fact.channelId, refused: fact.refused } };
    if (fact.type === 'pin') incident = { ...incident, pin: { refused: fact.refused } };
    if (fact.type === 'closed') {
      const { severity, impact } = fact;
      incident = { ...incident, closed: { by: by ?? '', at: clock.now(), severity, impact } };
    }
    if (fact.type === 'reopened') incident = { ...incident, closed: null };
    life.rooms.keep(incident);
  }

  async function begin(): Promise<{ outbox: Outbox; rooms: IncidentRooms; kill: () => void }> {
    const dead = new AbortController();
    const { signal } = dead;
    const mortalClock = mortal(clock, signal);
    let rooms: IncidentRooms | null = null;
    const transport = (id: string): ChannelTransport => mortal(place(id).createTransport(), signal);
    const outbox = await createOutbox({
      journal: mortal(journal.journal, signal),
      transports: { critical: transport('alerts'), normal: transport('alerts'), elsewhere: transport },
      fallback: null,
      render: renderShortly,
      describe: () => ({ line: 'alert', severity: 'warning', over: false }),
      onPosted: (id, messageId) => rooms?.posted(id, messageId),
      onGivenUp: (letter) => rooms?.givenUp(letter),
      clock: mortalClock,
      log,
      newNonce: () => `nonce-${(nonces += 1)}`,
      random: () => 0,
    });
    rooms = createIncidentRooms({
      outbox,
      acts: mortal(acts, signal),
      alertChannel: 'alerts',
      record: async (_, fact) => say(fact),
      clock: mortalClock,
      log,
    });
    return { outbox, rooms, kill: () => dead.abort() };
  }

  return {
    clock,
    log,
    journal,
    place,
    done,
    outcomes,
    say,
    settle,
    rooms: () => life.rooms,
    outbox: () => life.outbox,
    incident: () => incident,
    facts: () => incident.events.map(({ fact }) => wordFor(fact)),
    /** Kill -9, and the next process, which is told of all incidents. */
    async restart() {
      life.kill();
      life = await begin();
      life.rooms.keep(incident);
    },
    async stop() {
      await life.rooms.stop();
      await life.outbox.stop();
    },
  };
}

/** After death nothing is done, and what was under way is never answered. */
function mortal<T extends object>(real: T, dead: AbortSignal): T {
  const never = new Promise<never>(() => {});
  return new Proxy(real, {
    get(target, key) {
      const member = Reflect.get(target, key) as unknown;
      if (typeof member !== 'function' || key === 'now') return member;
      return async (...args: unknown[]) => {
        if (dead.aborted) return never;
        const answer: unknown = await (member as (...all: unknown[]) => unknown).apply(target, args);
        return dead.aborted ? never : answer;
      };
    },
  });
}

export type Rooms = Awaited<ReturnType<typeof startRooms>>;
