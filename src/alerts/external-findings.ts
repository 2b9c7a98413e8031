import { parseDuration } from '../model/duration.ts';
import type { ExternalAlert } from '../model/external-alert.ts';
import { DEFAULT_REPEAT } from '../model/rule-options.ts';
import { OWN_SCOPE } from '../model/source-state.ts';
import type { Alert } from './alert.ts';
import type { Judgement } from './lifecycle.ts';
import type { Finding } from './rule.ts';

/**
 * What the alerts of others mean here: rule is their source, database the one they name or `breakwater`; one that lives
 * stays where it was filed, as the configuration may have changed since, and its end must find it. Each finding speaks of
 * one alert only: a payload that leaves an alert out says nothing of it. The order is kept. Pure.
 */
export function judgeExternal(
  alerts: readonly ExternalAlert[],
  living: readonly Pick<Alert, 'rule' | 'database' | 'subject'>[],
): readonly Judgement[] {
  const filed = new Map(living.map(({ rule, subject, database }) => [JSON.stringify([rule, subject]), database]));
  const databaseOf = (alert: ExternalAlert): string =>
    filed.get(JSON.stringify([alert.source, subjectOf(alert)])) ?? alert.database ?? OWN_SCOPE;
  const groups = Map.groupBy(alerts, (alert) => JSON.stringify([alert.source, databaseOf(alert), alert.severity]));
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    return {
      rule: first.source,
      database: databaseOf(first),
      // Whoever sends it has waited long enough already.
      settings: { severity: first.severity, forMs: 0, keepMs: 0, repeatMs: REPEAT_MS },
      partial: true,
      findings: members.map(describe),
    };
  });
}

function describe(alert: ExternalAlert): Finding {
  return {
    subject: subjectOf(alert),
    standing: alert.firing ? 'firing' : 'clear',
    value: null,
    fireAt: null,
    headline: alert.summary === '' ? nameWithLabels(alert) : alert.summary,
    evidence: [alert.description, alert.url ?? ''].filter((text) => text !== '').join('\n'),
    impact: '',
    severity: alert.severity,
    firstStep: `Look at it where it comes from: ${SOURCE_NAMES[alert.source]}.`,
  };
}

function subjectOf({ name, fingerprint }: ExternalAlert): string {
  return `${name} ${fingerprint.slice(0, FINGERPRINT_SHOWN)}`;
}

/** product.md §4: nobody says otherwise for the alerts of others. */
const REPEAT_MS = parseDuration(DEFAULT_REPEAT) ?? 0;
const FINGERPRINT_SHOWN = 12;
const LABELS_SHOWN = 4;
const SOURCE_NAMES = { alertmanager: 'Prometheus and its Alertmanager', grafana: 'Grafana' } as const;

/** Labels that are said elsewhere, or tell the alert from no other. */
const NOT_TELLING = new Set([
  'alertname',
  'severity',
  'breakwater_database',
  'grafana_folder',
  'prometheus',
  'monitor',
]);

function nameWithLabels({ name, labels }: ExternalAlert): string {
  const telling = Object.entries(labels)
    .filter(([label]) => !NOT_TELLING.has(label) && !label.startsWith('__'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, LABELS_SHOWN)
    .map(([label, value]) => `${label}=${value}`);
  return telling.length === 0 ? name : `${name} (${telling.join(', ')})`;
}
