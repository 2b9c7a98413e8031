import { createHash } from 'node:crypto';
import type { ExternalAlert, ExternalSource } from '../../model/external-alert.ts';
import type { AlertPayload } from './payload.ts';
import type { ReadContext } from './webhook.ts';

/** What a stranger may fill memory and messages with, per alert; more is cut, since an alert must not be lost for its length. */
const MOST = { labels: 64, labelName: 64, labelValue: 256, name: 120, summary: 300, description: 1_000, url: 2_000 };
const FINGERPRINT = /^[\w-]{1,64}$/;
/** Label values that wake somebody up. */
const CRITICAL = new Set(['critical', 'page', 'error']);
/** Labels that may name a watched database, the most deliberate one first. */
const DATABASE_LABELS = ['breakwater_database', 'database', 'datname'] as const;

type Labels = Readonly<Record<string, string>>;

/** Brings one alert into our form. `urls`: where it may be looked at, the best first. Pure. */
export function toExternalAlert(
  source: ExternalSource,
  payload: AlertPayload,
  urls: readonly (string | null | undefined)[],
  { databases, now }: ReadContext,
): ExternalAlert {
  const labels: Labels = payload.labels ?? {};
  const annotations: Labels = payload.annotations ?? {};
  const firing = payload.status === 'firing';
  return {
    source,
    fingerprint: FINGERPRINT.test(payload.fingerprint ?? '') ? (payload.fingerprint ?? '') : deriveFingerprint(labels),
    name: toLine(labels['alertname'] ?? '', MOST.name) || 'unnamed alert',
    severity: CRITICAL.has((labels['severity'] ?? '').trim().toLowerCase()) ? 'critical' : 'warning',
    firing,
    startsAt: readTime(payload.startsAt) ?? now,
    endsAt: firing ? null : (readTime(payload.endsAt) ?? now),
    labels: Object.fromEntries(
      Object.entries(labels)
        .slice(0, MOST.labels)
        .map(([name, value]) => [toLine(name, MOST.labelName), toLine(value, MOST.labelValue)]),
    ),
    summary: toLine(annotations['summary'] ?? '', MOST.summary),
    description: cut((annotations['description'] ?? annotations['message'] ?? '').trim(), MOST.description),
    url: urls.find(isWebAddress) ?? null,
    database: DATABASE_LABELS.map((label) => labels[label]).find((name) => isOneOf(name, databases)) ?? null,
  };
}

/** The same for the same labels in whatever order, and for no others. */
function deriveFingerprint(labels: Labels): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

/** Epoch milliseconds; null for what is no time, and for Go's zero time (the year 1), which means none. */
function readTime(text: string | null | undefined): number | null {
  const at = Date.parse(text ?? '');
  return Number.isFinite(at) && at > 0 ? at : null;
}

function isWebAddress(text: string | null | undefined): text is string {
  if (!text || text.length > MOST.url || !URL.canParse(text)) return false;
  return ['http:', 'https:'].includes(new URL(text).protocol);
}

function isOneOf(name: string | undefined, names: readonly string[]): name is string {
  return name !== undefined && names.includes(name);
}

function toLine(text: string, most: number): string {
  return cut(text.replaceAll(/\s+/gu, ' ').trim(), most);
}

function cut(text: string, most: number): string {
  return text.length <= most ? text.toWellFormed() : `${text.slice(0, most - 1).toWellFormed()}…`;
}
