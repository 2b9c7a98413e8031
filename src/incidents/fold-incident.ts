import type { Incident, IncidentAlert } from './incident.ts';
import type { AlertFact, TimelineEvent } from './timeline.ts';

/** The incident that a timeline tells, in the order in which it was written; null for one that never opened. Pure. */
export function foldIncident(id: string, events: readonly TimelineEvent[]): Incident | null {
  const opening = events.find(({ fact }) => fact.type === 'opened');
  if (opening?.fact.type !== 'opened') return null;
  const { title, databases } = opening.fact;
  const opened: Incident = {
    id,
    title,
    openedAt: opening.at,
    openedBy: opening.by,
    databases,
    alerts: [],
    commander: null,
    calmSince: null,
    closed: null,
    thread: null,
    pin: null,
    events: [],
  };
  return events.reduce(addEvent, opened);
}

/** What follows from one more event, and the event itself. Pure. */
export function addEvent(incident: Incident, event: TimelineEvent): Incident {
  return { ...applyEvent(incident, event), events: [...incident.events, event] };
}

/** What follows from an event that the timeline does not keep by itself (`swings.ts`). Pure. */
export function applyEvent(incident: Incident, event: TimelineEvent): Incident {
  const { at, fact } = event;
  const by = event.by ?? '';
  switch (fact.type) {
    // Another one: of a life that could not read the first, and wrote to the same name.
    case 'opened':
      return { ...incident, databases: [...new Set([...incident.databases, ...fact.databases])] };
    case 'alert':
      return withAlerts(incident, upsert(incident.alerts, event, fact));
    case 'commander':
      return { ...incident, commander: { member: fact.member, at } };
    case 'closed':
      return { ...incident, closed: { by, at, severity: fact.severity, impact: fact.impact } };
    case 'reopened':
      return { ...incident, closed: null };
    case 'thread':
      return { ...incident, thread: { channelId: fact.channelId, refused: fact.refused } };
    case 'pin':
      return { ...incident, pin: { refused: fact.refused } };
    case 'note':
    case 'holders':
    case 'act':
      return incident;
  }
}

/**
 * The incident with these alerts, and what follows from them: it is calm once no critical one fires. A warning that lingers,
 * as a rise does for a minute, keeps nobody from recovering. Pure.
 */
export function withAlerts(incident: Incident, alerts: readonly IncidentAlert[]): Incident {
  const critical = alerts.filter(({ severity }) => severity === 'critical');
  const ends = (critical.length > 0 ? critical : alerts).map(({ resolvedAt }) => resolvedAt);
  const calm = ends.length > 0 && ends.every((end) => end !== null);
  return { ...incident, alerts, calmSince: calm ? Math.max(...ends) : null };
}

/** Any fact of an alert holds all of it: one whose firing was not written down is known by what came after. */
function upsert(
  alerts: readonly IncidentAlert[],
  { at, by }: TimelineEvent,
  fact: AlertFact,
): readonly IncidentAlert[] {
  const known = alerts.find(({ id }) => id === fact.alertId);
  const before = known ?? begin(fact);
  const after = { ...before, ...changeOf(fact, at, by), peak: largest(before.peak, fact.peak) };
  return known ? alerts.map((alert) => (alert === known ? after : alert)) : [...alerts, after];
}

function begin({ alertId, key, rule, database, severity, headline, impact, since, firedAt, peak }: AlertFact) {
  const unknown = { resolvedAt: null, acknowledgedBy: null, acknowledgedAt: null };
  return { id: alertId, key, rule, database, severity, headline, impact, since, firedAt, peak, ...unknown };
}

function changeOf({ became, severity, headline }: AlertFact, at: number, by: string | null): Partial<IncidentAlert> {
  switch (became) {
    case 'fired':
    case 'joined':
    case 'posted-again':
      return {};
    // Who acknowledged a warning has not acknowledged what it became (alerts/attend.ts).
    case 'worse':
      return { severity, headline, acknowledgedBy: null, acknowledgedAt: null };
    case 'acknowledged':
      return { acknowledgedBy: by, acknowledgedAt: at };
    case 'handed-back':
      return { acknowledgedBy: null, acknowledgedAt: null };
    case 'resolved':
      return { resolvedAt: at };
  }
}

function largest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
