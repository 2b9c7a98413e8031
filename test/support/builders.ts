import type { Alert } from '../../src/alerts/alert.ts';
import type { DatabaseView, Finding } from '../../src/alerts/rule.ts';
import type { Admission } from '../../src/model/admission.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import type { RuleSettings } from '../../src/model/rule-options.ts';
import type { ServerFacts } from '../../src/model/server-facts.ts';
import type { ServerSignals } from '../../src/model/server-signals.ts';
import type { SessionGroup } from '../../src/model/session-group.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';

/** The minute the incident of 2020-12-11 began. */
export const NOW = Date.UTC(2020, 11, 11, 13, 24);

export function group(parts: Partial<SessionGroup> = {}): SessionGroup {
  return {
    user: 'site',
    database: 'site',
    applicationName: '',
    address: '10.2.0.5',
    state: 'idle',
    own: false,
    count: 1,
    lockWaits: 0,
    oldestTransactionMs: null,
    longestInStateMs: null,
    ...parts,
  };
}

export function serverFacts(parts: Partial<ServerFacts> = {}): ServerFacts {
  return {
    versionNumber: 180_004,
    version: '18.4',
    capacity: { max: 100, superuserReserved: 3, reserved: 0 },
    inRecovery: false,
    startedAt: NOW - 86_400_000,
    missingPrivileges: [],
    ...parts,
  };
}

export function admission(parts: Partial<Admission> = {}): Admission {
  return { verdict: 'admitted', inferred: false, tookMs: 4, serverSaid: null, ...parts };
}

export function signals(parts: Partial<ServerSignals> = {}): ServerSignals {
  return { xidAges: [], slots: [], standbys: [], archiver: null, lockWaits: [], ...parts };
}

export function snapshot(groups: readonly SessionGroup[], parts: Partial<Snapshot> = {}): Snapshot {
  return {
    database: 'main',
    at: NOW,
    server: seen(serverFacts(), NOW),
    sessions: seen(groups, NOW),
    admission: seen(admission(), NOW),
    passesInARow: 2,
    signals: seen(signals(), NOW),
    ...parts,
  };
}

/** What a rule about a database sees; sessions are given as groups, everything else is calm. */
export function databaseView(groups: readonly SessionGroup[], parts: Partial<DatabaseView> = {}): DatabaseView {
  return {
    snapshot: snapshot(groups),
    applications: [],
    protect: [],
    trend: { totals: [], forecast: { kind: 'steady' } },
    activity: unseen('not read', NOW),
    dependents: [],
    ...parts,
  };
}

export function settings(parts: Partial<RuleSettings> = {}): RuleSettings {
  return {
    enabled: true,
    severity: 'critical',
    forMs: 0,
    keepMs: 0,
    repeatMs: 4 * 3_600_000,
    fire: { kind: 'percent', value: 90 },
    clear: { kind: 'percent', value: 80 },
    extra: {},
    ...parts,
  };
}

export function finding(parts: Partial<Finding> = {}): Finding {
  return {
    subject: 'total',
    standing: 'firing',
    value: 91,
    fireAt: 90,
    headline: '91 of 100 connections in use, 97 usable',
    evidence: '',
    impact: '',
    ...parts,
  };
}

export function alert(parts: Partial<Alert> = {}): Alert {
  return {
    id: 'a1b2c3d4e5',
    key: 'connections-total · main · total',
    rule: 'connections-total',
    database: 'main',
    subject: 'total',
    severity: 'critical',
    state: 'firing',
    since: NOW,
    firedAt: NOW,
    resolvedAt: null,
    peak: 91,
    finding: finding(),
    blind: null,
    clearSince: null,
    repeatMs: 4 * 3_600_000,
    heardAt: NOW,
    ending: null,
    acknowledged: null,
    silenced: null,
    muted: null,
    post: { number: 1, at: NOW, severity: 'critical', pings: true },
    ...parts,
  };
}
