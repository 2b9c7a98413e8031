import type { Incident } from '../incidents/incident.ts';
import type { TimelineEvent } from '../incidents/timeline.ts';

const FIRST_ALERTS = 6;
const LAST_ALERTS = 6;
const LAST_EVENTS = 9;
const MOST_APPLICATIONS = 8;
const LONGEST_TEXT = 240;
/** A note is told whole, as far as a message holds it. */
export const LONGEST_NOTE = 1_500;

/** What a summary is rendered from, however long the incident: its first event and its last ones, its first alerts and its last ones. Pure. */
export function boundIncident(incident: Incident): Incident {
  const { alerts, events } = incident;
  const first = events.slice(0, Math.max(0, Math.min(1, events.length - LAST_EVENTS)));
  return shorten(
    {
      ...incident,
      alerts:
        alerts.length <= FIRST_ALERTS + LAST_ALERTS
          ? alerts
          : [...alerts.slice(0, FIRST_ALERTS), ...alerts.slice(-LAST_ALERTS)],
      events: [...first, ...events.slice(-LAST_EVENTS)].map((event) => boundEvent(event)),
    },
    LONGEST_TEXT,
  );
}

/** One event, with texts of at most `longest` characters. */
export function boundEvent(event: TimelineEvent, longest = LONGEST_TEXT): TimelineEvent {
  const { fact } = event;
  if (fact.type !== 'holders') return shorten(event, longest);
  return shorten({ ...event, fact: { ...fact, applications: fact.applications.slice(0, MOST_APPLICATIONS) } }, longest);
}

function shorten<T>(value: T, longest: number): T {
  if (typeof value === 'string') return (value.length > longest ? `${value.slice(0, longest - 1)}…` : value) as T;
  if (Array.isArray(value)) return value.map((each: unknown) => shorten(each, longest)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shorten(each, longest)])) as T;
}
