import type { Alert } from '../alerts/alert.ts';
import type { Transition } from '../alerts/lifecycle.ts';
import type { Log } from '../model/log.ts';
import { OWN_SCOPE } from '../model/source-state.ts';
import { alertEvent, cutText, lostEvent } from './alert-fact.ts';
import { decideIncident, findLeadUp } from './decide-incidents.ts';
import type { IncidentShelf } from './incident-shelf.ts';
import { createSwings } from './swings.ts';
import type { AlertFact, TimelineFact } from './timeline.ts';

/** Enters on the shelf what becomes of alerts. */
export interface IncidentClerk {
  take(transition: Transition, now: number): void;
  /** Enters what led up to an incident, or came after it and is in none. */
  gather(id: string, now: number): void;
  /** As `gather`, and what became of its alerts while nobody took note. */
  catchUp(id: string, now: number): void;
  /** Before it closes: tells the firings that were not told one by one. */
  tellSwings(id: string, now: number): void;
}

export type Opening = Omit<Extract<TimelineFact, { readonly type: 'opened' }>, 'type'>;

const TITLE_LENGTH = 100;

/** The thread and the post-mortem bear it too, where no field beside it says which database. */
function nameIncidentAfter({ database, finding: { headline } }: Alert): string {
  return database === OWN_SCOPE || headline.startsWith(`${database} `) ? headline : `${database}: ${headline}`;
}

export function createIncidentClerk(options: {
  readonly shelf: IncidentShelf;
  readonly databases: readonly string[];
  readonly alerts: { firing(): readonly Alert[]; over(): readonly Alert[] };
  /** Begins an incident, and gives its id. */
  readonly begin: (opening: Opening, by: string | null, at: number) => string;
  readonly log: Log;
}): IncidentClerk {
  const { shelf, databases, alerts, begin, log } = options;
  const swings = createSwings(shelf);

  function take({ kind, alert }: Transition, now: number): void {
    const decision = decideIncident(shelf.all(), { kind, alert }, databases, now);
    switch (decision.kind) {
      case 'nothing':
        followPeak(alert);
        return;
      case 'open': {
        const title = cutText(nameIncidentAfter(alert), TITLE_LENGTH);
        const about = alert.database === OWN_SCOPE ? [] : [alert.database];
        const at = kind === 'fired' ? Math.min(now, alert.firedAt ?? now) : now;
        const id = begin({ title, cause: alert.key, databases: about }, null, at);
        log.info({ incident: id, alert: alert.key, because: decision.reason }, 'an incident opened');
        gather(id, now);
        // Where it is not among those that fire: it was over by the time it was told.
        take({ kind, alert }, now);
        return;
      }
      case 'reopen': {
        const { id } = decision.incident;
        log.info({ incident: id, alert: alert.key, because: decision.reason }, 'an incident opened again');
        shelf.add(id, { at: now, by: null, fact: { type: 'reopened', cause: alert.key } });
        take({ kind, alert }, now);
        catchUp(id, now);
        return;
      }
      case 'join':
        enter(decision.incident.id, alert, now);
        return;
      case 'record':
        note(decision.incident.id, decision.became, alert, now);
        settle(alert, now);
    }
  }

  /** Notes all that has become of it: an alert that is late may be owned, and over. */
  function settle(alert: Alert, now: number): void {
    take({ kind: 'changed', alert }, now);
  }

  function enter(id: string, alert: Alert, now: number): void {
    const { openedAt } = shelf.get(id);
    swings.fire(id, (alert.firedAt ?? now) >= openedAt ? 'fired' : 'joined', alert, now);
    settle(alert, now);
  }

  function note(id: string, became: AlertFact['became'], alert: Alert, now: number): void {
    const event = alertEvent(became, alert, now);
    swings.add(id, alert, event, now);
    const { commander, openedAt } = shelf.get(id);
    // Who owned a warning before there was an incident has not taken charge of one.
    if (became !== 'acknowledged' || event.by === null || commander !== null || event.at < openedAt) return;
    shelf.add(id, { at: event.at, by: event.by, fact: { type: 'commander', member: event.by } });
  }

  /** Newer numbers are no event. */
  function followPeak({ id, peak }: Alert): void {
    const home = shelf.all().find((each) => each.closed === null && each.alerts.some((known) => known.id === id));
    const known = home?.alerts.find((each) => each.id === id);
    if (home === undefined || known === undefined || peak === null || peak <= (known.peak ?? 0)) return;
    const alertsNow = home.alerts.map((each) => (each.id === id ? { ...each, peak } : each));
    shelf.change(home.id, (each) => ({ ...each, alerts: alertsNow }), 'quietly');
  }

  function gather(id: string, now: number): void {
    const candidates = [...alerts.over(), ...alerts.firing()];
    for (const alert of findLeadUp(shelf.all(), shelf.get(id), candidates, databases)) {
      if (swings.isNewer(id, alert)) enter(id, alert, now);
    }
  }

  function catchUp(id: string, now: number): void {
    const known = new Map([...alerts.over(), ...alerts.firing()].map((alert) => [alert.id, alert]));
    for (const entry of shelf.get(id).alerts.filter(({ resolvedAt }) => resolvedAt === null)) {
      const alert = known.get(entry.id);
      if (alert) settle(alert, now);
      else shelf.add(id, lostEvent(entry, now));
    }
    gather(id, now);
  }

  return { take, gather, catchUp, tellSwings: (id, now) => swings.tell(id, now) };
}
