import type { Alert } from '../../src/alerts/alert.ts';
import type { Transition } from '../../src/alerts/lifecycle.ts';
import type { Holders } from '../../src/incidents/holders.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import { createIncidentDesk, type IncidentDesk } from '../../src/incidents/incident-desk.ts';
import { loadIncidents } from '../../src/incidents/load-incidents.ts';
import type { TimelineEvent, TimelineFact } from '../../src/incidents/timeline.ts';
import type { JournalEvent } from '../../src/journal/journal.ts';
import { createFakeJournal } from '../support/fake-journal.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

/** The desk of alerts, played: what fires, what is over, and the news of it. */
export function createAlertsPlayed() {
  const firing = new Map<string, Alert>();
  const ended: Alert[] = [];
  const settle = (kind: Transition['kind'], alert: Alert): Transition => {
    if (alert.state === 'resolved') {
      firing.delete(alert.key);
      ended.push(alert);
    } else firing.set(alert.key, alert);
    return { kind, alert };
  };
  return { firing: () => [...firing.values()], over: () => ended.slice(-500), settle };
}

/** A desk over a journal that can fail, in a world that outlives it. */
export function createWorld() {
  const journal = createFakeJournal();
  const log = createRecordedLog();
  const alerts = createAlertsPlayed();
  const told: { readonly incident: Incident; readonly events: readonly TimelineEvent[] }[] = [];
  const writes: number[] = [];
  let holders: (when: 'now' | object) => Holders | null = () => null;
  let write = async (stream: string, events: readonly JournalEvent[]): Promise<void> => {
    const seq = journal.stored(stream).length;
    await journal.append(stream, seq, 1, JSON.parse(JSON.stringify(events)) as JournalEvent[]);
  };
  async function start(): Promise<IncidentDesk> {
    return createIncidentDesk({
      databases: ['main', 'other'],
      alerts,
      readHolders: (_, when) => holders(when),
      past: await loadIncidents(journal, log),
      openStream: (stream) => ({
        async write(events) {
          writes.push(events.length);
          await write(stream, events);
        },
      }),
      onChange: async (incident, events) => void told.push({ incident, events }),
      log,
    });
  }
  return {
    journal,
    log,
    alerts,
    told,
    writes,
    start,
    hold: (read: typeof holders) => void (holders = read),
    writeBy: (by: (before: typeof write) => typeof write) => void (write = by(write)),
    /** The timeline in words, as the journal has it. */
    timeline: (id: string) => journal.stored(`incidents/${id}`).map(({ data }) => describe(factOf(data))),
  };
}

export function describe(fact: TimelineFact): string {
  if (fact.type !== 'alert') return fact.type;
  return `${fact.key.split(' · ').at(-1)} ${fact.became}${fact.swings === undefined ? '' : ` +${fact.swings}`}`;
}

function factOf(data: unknown): TimelineFact {
  return (data as { readonly fact: TimelineFact }).fact;
}
