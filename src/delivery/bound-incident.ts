import type { Incident, IncidentAlert } from '../incidents/incident.ts';
import type { TimelineEvent } from '../incidents/timeline.ts';
import type { IncidentTotals } from '../render/incident-message.ts';

const MOST_ALERTS = 12;
const LAST_EVENTS = 9;
const MOST_APPLICATIONS = 8;
const LONGEST_TEXT = 240;
/** A note is told whole, as far as a message holds it. */
export const LONGEST_NOTE = 1_500;

/** How much there is of an incident of which only a part is kept. */
export function countTotals({ alerts, events }: Incident): IncidentTotals {
  return {
    alerts: alerts.length,
    firing: alerts.filter(({ resolvedAt }) => resolvedAt === null).length,
    events: events.length,
  };
}

/** What a summary is rendered from, however long the incident: its first event and its last ones, what fires and what fired first. Pure. */
export function boundIncident(incident: Incident): Incident {
  const { alerts, events } = incident;
  const first = events.slice(0, Math.max(0, Math.min(1, events.length - LAST_EVENTS)));
  const bounded = shorten(
    {
      ...incident,
      alerts: firingFirst(alerts).slice(0, MOST_ALERTS),
      events: [...first, ...events.slice(-LAST_EVENTS)].map((event) => boundEvent(event)),
    },
    LONGEST_TEXT,
  );
  // What people wrote when they closed it is told whole.
  return { ...bounded, closed: incident.closed };
}

/** Critical ones before warnings, then in the order in which they joined. */
function firingFirst(alerts: readonly IncidentAlert[]): readonly IncidentAlert[] {
  const rank = ({ resolvedAt, severity }: IncidentAlert) =>
    (resolvedAt === null ? 0 : 2) + (severity === 'critical' ? 0 : 1);
  return alerts.toSorted((a, b) => rank(a) - rank(b));
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
