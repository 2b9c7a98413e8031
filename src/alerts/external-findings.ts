import { createHash } from 'node:crypto';
import { parseDuration } from '../model/duration.ts';
import { EXTERNAL_SOURCES, type ExternalAlert } from '../model/external-alert.ts';
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

/** Six times Alertmanager's default `repeat_interval`: by then its "resolved" was lost. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;

/** Whether an alert of others has not been heard of for so long that nobody will end it. Pure. */
export function isForgotten({ rule, heardAt }: Pick<Alert, 'rule' | 'heardAt'>, now: number): boolean {
  return isExternal(rule) && now - heardAt >= FORGOTTEN_AFTER_MS;
}

/** Beyond so many that live, new ones of others are refused: they would be told to nobody's use. */
const MOST_LIVING = 2_000;

/** Whether these can be taken beside those that live. Pure. */
export function hasRoomFor(alerts: readonly ExternalAlert[], living: readonly Pick<Alert, 'rule'>[]): boolean {
  const firing = alerts.filter((alert) => alert.firing).length;
  return firing === 0 || living.filter(({ rule }) => isExternal(rule)).length + firing <= MOST_LIVING;
}

/** Whether an alert is filed under others' names: they raise it, and they end it. Pure. */
export function isExternal(rule: string): boolean {
  return EXTERNAL_SOURCES.some((source) => source === rule);
}

function describe(alert: ExternalAlert): Finding {
  return {
    subject: subjectOf(alert),
    standing: alert.firing ? 'firing' : 'clear',
    value: null,
    fireAt: null,
    headline: alert.summary === '' ? nameWithLabels(alert) : alert.summary,
    // The address first: a long description would push it out.
    evidence: [alert.url ?? '', alert.description].filter((text) => text !== '').join('\n'),
    impact: '',
    severity: alert.severity,
    firstStep: `Look at it where it comes from: ${SOURCE_NAMES[alert.source]}.`,
  };
}

function subjectOf({ name, fingerprint }: ExternalAlert): string {
  // What is no hash may share its beginning with another.
  const hash = /^[0-9a-f]{12,}$/.test(fingerprint)
    ? fingerprint
    : createHash('sha256').update(fingerprint).digest('hex');
  return `${name} ${hash.slice(0, FINGERPRINT_SHOWN)}`;
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
