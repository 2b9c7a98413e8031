import type { Alert } from '../../src/alerts/alert.ts';
import { alertEvent } from '../../src/incidents/alert-fact.ts';
import { foldIncident } from '../../src/incidents/fold-incident.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import type { AlertFact, TimelineEvent, TimelineFact } from '../../src/incidents/timeline.ts';
import { alert, finding, NOW } from '../support/builders.ts';

export const MINUTE_MS = 60_000;

/** An alert of its own id, fired `at`; named by its subject. */
export function fired(subject: string, at = NOW, parts: Partial<Alert> = {}): Alert {
  const rule = parts.rule ?? 'connections-total';
  const database = parts.database ?? 'main';
  return alert({
    id: `${subject}@${at}`,
    key: `${rule} · ${database} · ${subject}`,
    rule,
    database,
    subject,
    since: at - 5_000,
    firedAt: at,
    finding: finding({ subject, headline: `${subject} is in trouble` }),
    ...parts,
  });
}

export function warned(subject: string, at = NOW, parts: Partial<Alert> = {}): Alert {
  return fired(subject, at, { rule: 'connections-application', severity: 'warning', ...parts });
}

export function over(of: Alert, at: number): Alert {
  return { ...of, state: 'resolved', resolvedAt: at };
}

export function owned(of: Alert, by: string, at: number): Alert {
  return { ...of, acknowledged: { by, at } };
}

export function opened(at = NOW, parts: Partial<Extract<TimelineFact, { type: 'opened' }>> = {}): TimelineEvent {
  return { at, by: null, fact: { type: 'opened', title: 'in trouble', cause: null, databases: ['main'], ...parts } };
}

export function became(what: AlertFact['became'], of: Alert, at = NOW): TimelineEvent {
  return alertEvent(what, of, at);
}

export function incident(...events: TimelineEvent[]): Incident {
  const folded = foldIncident('20201211-1324', events);
  if (!folded) throw new Error('these events open no incident');
  return folded;
}

export function closed(at: number): TimelineEvent {
  return { at, by: '7', fact: { type: 'closed', severity: 'sev2', impact: 'voice gate' } };
}
