import type { Alert } from '../alerts/alert.ts';
import type { EventLog } from '../alerts/alert-desk.ts';
import type { Transition } from '../alerts/lifecycle.ts';
import { formatDuration } from '../model/duration.ts';
import type { Log } from '../model/log.ts';
import { UserFacingError } from '../model/user-facing-error.ts';
import { covers, REOPENS_WITHIN_MS } from './decide-incidents.ts';
import { type HolderReader, holdersEvent, peakEvent } from './holders.ts';
import type { Incident } from './incident.ts';
import { createIncidentClerk, type Opening } from './incident-clerk.ts';
import { createIncidentShelf } from './incident-shelf.ts';
import type { PastIncidents } from './load-incidents.ts';
import { nameIncident } from './name-incident.ts';
import type { ActFact, HoldersFact, TimelineEvent, TimelineFact } from './timeline.ts';
import { createIncidentWriter } from './write-incidents.ts';

/** Keeps the incidents, open and recent: folded from their timelines, written down, and told of in this order. */
export interface IncidentDesk {
  /** What became of alerts: opens, joins, reopens, records (`decide-incidents.ts`). */
  take(transitions: readonly Transition[], now: number): void;
  /** After a restart: takes up what became of alerts meanwhile, with its true times. */
  reconcile(now: number): void;
  /** Throws UserFacingError where one is open on that database; so do the others for what does not fit. */
  open(title: string, database: string, by: string, now: number): Promise<Incident>;
  note(id: string, text: string, by: string, now: number): Promise<Noted>;
  close(id: string, as: Closing, by: string, now: number): Promise<Incident>;
  /** Undoes a closing. */
  reopen(id: string, by: string, now: number): Promise<Incident>;
  /** Adds an act to every open incident on its database, and says to which. Durable, or the journal is known to be away. */
  record(event: TimelineEvent & { readonly fact: ActFact | HoldersFact }): Promise<readonly Incident[]>;
  /** Where people talk about it, or why nowhere. The same again adds nothing. */
  standsIn(id: string, thread: NonNullable<Incident['thread']>, now: number): void;
  pinned(id: string, pin: NonNullable<Incident['pin']>, now: number): void;
  find(id: string): Incident | null;
  /** The open ones first, then the newest. */
  list(): readonly Incident[];
  /** Resolves when all that was decided so far has been written down and told. */
  settled(): Promise<void>;
}

export type Closing = Pick<NonNullable<Incident['closed']>, 'severity' | 'impact'>;

export interface Noted {
  readonly incident: Incident;
  readonly event: NoteEvent;
}

type NoteEvent = TimelineEvent & { readonly fact: Extract<TimelineFact, { readonly type: 'note' }> };

export function createIncidentDesk(options: {
  /** The watched databases. */
  readonly databases: readonly string[];
  /** What fires, and what is over lately: the lead-up, and what a restart has missed. */
  readonly alerts: { firing(): readonly Alert[]; over(): readonly Alert[] };
  readonly readHolders: HolderReader;
  readonly past: PastIncidents;
  /** The stream `incidents/<id>`; asked for once each. */
  readonly openStream: (stream: string) => EventLog;
  /** Told after it was written down; without new events where only what is not told one by one has changed. */
  readonly onChange: (incident: Incident, newEvents: readonly TimelineEvent[]) => Promise<void>;
  readonly log: Log;
}): IncidentDesk {
  const { databases, alerts, readHolders, past, openStream, onChange, log } = options;
  const writer = createIncidentWriter({ open: openStream, onChange, log });
  const shelf = createIncidentShelf(past.incidents, writer);
  const names = new Set(past.names);
  const clerk = createIncidentClerk({ shelf, databases, alerts, begin, log });

  function begin(opening: Opening, by: string | null, at: number): string {
    const id = nameIncident(at, names);
    names.add(id);
    shelf.begin(id, { at, by, fact: { type: 'opened', ...opening } });
    for (const database of opening.databases) {
      const holders = readHolders(database, 'now');
      if (holders) shelf.add(id, holdersEvent(database, 'opened', holders));
    }
    return id;
  }

  function tellPeak(id: string, now: number): void {
    const incident = shelf.get(id);
    const from = Math.min(incident.openedAt, ...incident.alerts.map(({ since }) => since));
    for (const database of incident.databases) {
      const peak = peakEvent(incident, database, readHolders(database, { from, until: now }));
      if (peak) shelf.add(id, peak);
    }
  }

  function handOver(now: number): Promise<void> {
    for (const [id, before] of shelf.changed()) {
      const { calmSince, closed } = shelf.get(id);
      if (closed === null && calmSince !== null && (before?.calmSince ?? null) === null) tellPeak(id, now);
    }
    return shelf.handOver();
  }

  async function handOverOne(id: string, now: number): Promise<Incident> {
    const done = handOver(now);
    const incident = shelf.get(id);
    await done;
    return incident;
  }

  function findOpen(id: string): Incident {
    const incident = shelf.find(id);
    if (!incident) throw new UserFacingError(`No incident is named ${id}. See /incident list.`);
    if (incident.closed === null) return incident;
    throw new UserFacingError(`${id} is closed. Reopen it first, or open another with /incident open.`);
  }

  function refuseSecond(about: readonly string[]): void {
    const other = shelf.all().find((each) => each.closed === null && sharesDatabase(each.databases, about));
    if (!other) return;
    const where = other.databases.join(', ') || 'what depends on no watched database';
    throw new UserFacingError(
      `${other.id} is open on ${where} already: add to it with /incident note, or close it first.`,
    );
  }

  return {
    take(transitions, now) {
      for (const transition of transitions) clerk.take(transition, now);
      void handOver(now);
    },
    reconcile(now) {
      for (const { id, closed } of shelf.all()) if (closed === null) clerk.catchUp(id, now);
      for (const alert of alerts.firing()) clerk.take({ kind: 'changed', alert }, now);
      void handOver(now);
    },
    async open(title, database, by, now) {
      refuseSecond([database]);
      const id = begin({ title, cause: null, databases: [database] }, by, now);
      clerk.gather(id, now);
      return handOverOne(id, now);
    },
    async note(id, text, by, now) {
      findOpen(id);
      const event: NoteEvent = { at: now, by, fact: { type: 'note', text } };
      shelf.add(id, event);
      return { incident: await handOverOne(id, now), event };
    },
    async close(id, { severity, impact }, by, now) {
      findOpen(id);
      clerk.tellSwings(id, now);
      tellPeak(id, now);
      shelf.add(id, { at: now, by, fact: { type: 'closed', severity, impact } });
      return handOverOne(id, now);
    },
    async reopen(id, by, now) {
      const incident = shelf.find(id);
      if (!incident) throw new UserFacingError(`No incident is named ${id}. See /incident list.`);
      if (incident.closed === null) throw new UserFacingError(`${id} is open already.`);
      // Its message has said its last word by then.
      if (now - incident.closed.at > REOPENS_WITHIN_MS) {
        throw new UserFacingError(
          `${id} was closed more than ${formatDuration(REOPENS_WITHIN_MS)} ago: open another with /incident open, and name it there.`,
        );
      }
      refuseSecond(incident.databases);
      shelf.add(id, { at: now, by, fact: { type: 'reopened', cause: 'by hand' } });
      clerk.catchUp(id, now);
      return handOverOne(id, now);
    },
    async record(event) {
      const { database } = event.fact;
      const open = shelf.all().filter((each) => each.closed === null && covers(each, database));
      for (const { id } of open) shelf.add(id, event);
      await handOver(event.at);
      return open.map(({ id }) => shelf.get(id));
    },
    standsIn(id, { channelId, refused }, now) {
      const known = shelf.get(id).thread;
      if (known?.channelId === channelId && known.refused === refused) return;
      shelf.add(id, { at: now, by: null, fact: { type: 'thread', channelId, refused } });
      void handOver(now);
    },
    pinned(id, { refused }, now) {
      const known = shelf.get(id).pin;
      if (known?.refused === refused) return;
      shelf.add(id, { at: now, by: null, fact: { type: 'pin', refused } });
      void handOver(now);
    },
    find: (id) => shelf.find(id),
    list: () => [...shelf.all()].sort((a, b) => rank(a) - rank(b) || b.openedAt - a.openedAt),
    settled: () => writer.settled(),
  };
}

function sharesDatabase(a: readonly string[], b: readonly string[]): boolean {
  return a.length === 0 ? b.length === 0 : a.some((each) => b.includes(each));
}

function rank({ closed }: Incident): number {
  return closed === null ? 0 : 1;
}
