import type { JournalEvent, Json, StoredEvent } from '../journal/journal.ts';
import type { TimelineEvent, TimelineFact } from './timeline.ts';

/** Of the form of `TimelineEvent`; another version is kept in the journal and not acted on. */
const VERSION = 1;

export const INCIDENT_STREAMS = 'incidents/';

export function streamOf(id: string): string {
  return `${INCIDENT_STREAMS}${id}`;
}

/** An event as the stream `incidents/<id>` keeps it. */
export function journalEvent({ at, by, fact }: TimelineEvent): JournalEvent {
  // Plain data without functions or cycles: JSON keeps it whole.
  return { type: fact.type, version: VERSION, at, data: { by, fact } as unknown as Json };
}

/** Reads the stream; leaves out what it does not know: a newer version's events, or none of ours. Pure. */
export function readTimeline(stored: readonly StoredEvent[]): readonly TimelineEvent[] {
  return stored.flatMap(({ type, version, at, data }): readonly TimelineEvent[] => {
    const { by, fact } = fieldsOf(data);
    if (version !== VERSION || (by !== null && typeof by !== 'string') || !isFact(type, fact)) return [];
    return [{ at, by, fact }];
  });
}

type Kind = 'string' | 'number' | 'array';

/** What the fold and the renderers rely on; what may be null is not asked for. */
const NEEDED: Readonly<Record<TimelineFact['type'], Readonly<Record<string, Kind>>>> = {
  opened: { title: 'string', databases: 'array' },
  alert: {
    became: 'string',
    alertId: 'string',
    key: 'string',
    rule: 'string',
    database: 'string',
    severity: 'string',
    headline: 'string',
    evidence: 'string',
    impact: 'string',
    since: 'number',
  },
  commander: { member: 'string' },
  note: { text: 'string' },
  holders: { database: 'string', moment: 'string', used: 'number', applications: 'array' },
  act: { act: 'string', database: 'string', stage: 'string', summary: 'string' },
  thread: {},
  pin: {},
  closed: { severity: 'string', impact: 'string' },
  reopened: { cause: 'string' },
};

const BECAME: ReadonlySet<string> = new Set([
  'fired',
  'posted-again',
  'worse',
  'acknowledged',
  'handed-back',
  'resolved',
  'joined',
]);

function isFact(type: string, fact: unknown): fact is TimelineFact {
  const fields = fieldsOf(fact);
  if (fields['type'] !== type || !Object.hasOwn(NEEDED, type)) return false;
  if (type === 'alert' && !BECAME.has(String(fields['became']))) return false;
  return Object.entries(NEEDED[type as TimelineFact['type']]).every(([name, kind]) => kindOf(fields[name]) === kind);
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
