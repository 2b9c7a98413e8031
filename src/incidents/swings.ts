import type { Alert } from '../alerts/alert.ts';
import { alertEvent } from './alert-fact.ts';
import { applyEvent, withAlerts } from './fold-incident.ts';
import type { Incident } from './incident.ts';
import type { IncidentShelf } from './incident-shelf.ts';
import type { AlertFact, TimelineEvent } from './timeline.ts';

/**
 * Keeps an alert that flaps from filling a timeline: its first five firings in an incident are told, then each that
 * doubles their number, with how many it stands for. Whether it fires now is known all the same.
 */
export interface Swings {
  /** Takes an occurrence that the incident does not know. */
  fire(id: string, became: Firing, alert: Alert, now: number): void;
  /** Takes what became of one that it knows: told as its firing was; an acknowledgement always is. */
  add(id: string, alert: Alert, event: TimelineEvent, now: number): void;
  /** Tells what was left untold. */
  tell(id: string, now: number): void;
  /** Whether an occurrence came after the last of its kind that the timeline tells: those before are counted. Pure. */
  isNewer(id: string, alert: Alert): boolean;
}

type Firing = Extract<AlertFact['became'], 'fired' | 'joined'>;

/** The firings of one alert in one incident that are not told yet. */
interface Untold {
  readonly id: string;
  readonly count: number;
  readonly peak: number | null;
  /** The newest, as it is now. */
  readonly alert: Alert;
}

const TOLD_EACH = 5;

export function createSwings(shelf: IncidentShelf): Swings {
  const untold = new Map<string, Untold>();

  function tellOne(slot: string, { id, count, peak, alert }: Untold, now: number): void {
    untold.delete(slot);
    shelf.add(id, withSwings(alertEvent('fired', alert, now), count - 1, peak));
    if (alert.resolvedAt !== null) shelf.add(id, alertEvent('resolved', alert, now));
  }

  return {
    fire(id, became, alert, now) {
      const slot = slotOf(id, alert);
      const before = untold.get(slot);
      const count = before?.count ?? 0;
      const peak = largest(before?.peak ?? null, alert.peak);
      shelf.change(id, (incident) => dropUntold(incident, alert.key), 'quietly');
      const event = alertEvent(became, alert, now);
      if (isTold(countFirings(shelf.get(id), alert.key) + count + 1)) {
        untold.delete(slot);
        shelf.add(id, withSwings(event, count, peak));
      } else {
        untold.set(slot, { id, count: count + 1, peak, alert });
        shelf.change(id, (incident) => applyEvent(incident, event));
      }
    },
    add(id, alert, event, now) {
      const slot = slotOf(id, alert);
      const waiting = untold.get(slot);
      if (waiting?.alert.id !== alert.id) {
        shelf.add(id, event);
      } else if (event.by !== null) {
        tellOne(slot, waiting, now);
        shelf.add(id, event);
      } else {
        untold.set(slot, { ...waiting, peak: largest(waiting.peak, alert.peak), alert });
        shelf.change(id, (incident) => applyEvent(incident, event));
      }
    },
    tell(id, now) {
      for (const [slot, waiting] of untold) if (waiting.id === id) tellOne(slot, waiting, now);
    },
    isNewer: (id, { key, firedAt }) =>
      shelf.get(id).events.every(({ fact }) => !isFiring(fact, key) || (fact.firedAt ?? 0) < (firedAt ?? 0)),
  };
}

/** Whether the nth firing of an alert is told. Pure. */
export function isTold(nth: number): boolean {
  return nth <= TOLD_EACH || Number.isInteger(Math.log2(nth));
}

/** How often an alert of this key has fired in an incident, by what its timeline tells. Pure. */
export function countFirings({ events }: Pick<Incident, 'events'>, key: string): number {
  return events.reduce((sum, { fact }) => (isFiring(fact, key) ? sum + 1 + (fact.swings ?? 0) : sum), 0);
}

function withSwings(event: TimelineEvent, swings: number, peak: number | null): TimelineEvent {
  return event.fact.type === 'alert' && swings > 0 ? { ...event, fact: { ...event.fact, swings, peak } } : event;
}

/** Without the occurrences of an alert of which the timeline does not speak: another takes their place. */
function dropUntold(incident: Incident, key: string): Incident {
  if (!incident.alerts.some((alert) => alert.key === key)) return incident;
  const told = new Set(incident.events.flatMap(({ fact }) => (fact.type === 'alert' ? fact.alertId : [])));
  const kept = incident.alerts.filter((alert) => alert.key !== key || told.has(alert.id));
  return kept.length === incident.alerts.length ? incident : withAlerts(incident, kept);
}

function isFiring(fact: TimelineEvent['fact'], key: string): fact is AlertFact {
  return fact.type === 'alert' && fact.key === key && (fact.became === 'fired' || fact.became === 'joined');
}

function slotOf(id: string, { key }: Alert): string {
  return JSON.stringify([id, key]);
}

function largest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
