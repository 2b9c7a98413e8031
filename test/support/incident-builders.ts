import type { Incident, IncidentAlert } from '../../src/incidents/incident.ts';
import type { ActFact, AlertFact, TimelineEvent, TimelineFact } from '../../src/incidents/timeline.ts';
import { NOW } from './builders.ts';

/** An open incident on `main` that a critical alert opened at NOW; state only what matters. */
export function incident(parts: Partial<Incident> = {}): Incident {
  return {
    id: '20201211-1324',
    title: 'main: 91 of 100 connections in use, 97 usable',
    openedAt: NOW,
    openedBy: null,
    databases: ['main'],
    alerts: [],
    commander: null,
    calmSince: null,
    closed: null,
    thread: null,
    pin: null,
    events: [],
    ...parts,
  };
}

export function incidentAlert(parts: Partial<IncidentAlert> = {}): IncidentAlert {
  return {
    id: 'a1b2c3d4e5',
    key: 'connections-total · main · total',
    rule: 'connections-total',
    database: 'main',
    severity: 'critical',
    headline: '91 of 100 connections in use, 97 usable',
    impact: '',
    since: NOW,
    firedAt: NOW,
    resolvedAt: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    peak: 91,
    ...parts,
  };
}

/** `at` in seconds after NOW. */
export function event(at: number, fact: TimelineFact, by: string | null = null): TimelineEvent {
  return { at: NOW + at * 1_000, by, fact };
}

export function alertFact(parts: Partial<AlertFact> = {}): AlertFact {
  const { id: alertId, key, rule, database, severity, headline, impact, since, firedAt, peak } = incidentAlert();
  return {
    type: 'alert',
    became: 'fired',
    evidence: '',
    alertId,
    key,
    rule,
    database,
    severity,
    headline,
    impact,
    since,
    firedAt,
    peak,
    ...parts,
  };
}

export function act(parts: Partial<ActFact> = {}): ActFact {
  return {
    type: 'act',
    act: 'kill-stale',
    database: 'main',
    stage: 'previewed',
    confirmation: 'c0ffee0001',
    summary: '45 idle sessions of site',
    ...parts,
  };
}
