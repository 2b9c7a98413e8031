import type { RuleSettings, Severity } from '../model/rule-options.ts';
import type { Finding } from './rule.ts';

/**
 * inactive → pending (`for`) → firing → resolved (product.md §4). An inactive alert is simply not in the book.
 * Acknowledged and silenced join with the journal.
 */
export type AlertState = 'pending' | 'firing' | 'resolved';

export interface Alert {
  /** `rule · database · subject`: the same text as the footer of its message (contract.md, Discord). */
  readonly key: string;
  readonly rule: string;
  readonly database: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly state: AlertState;
  /** Epoch milliseconds: when the condition was first seen; when it fired; when it cleared. */
  readonly since: number;
  readonly firedAt: number | null;
  readonly resolvedAt: number | null;
  /** The largest value seen while it lived. */
  readonly peak: number | null;
  /** The last finding that was not `unknown`. */
  readonly finding: Finding;
  /** Why nothing is known of it since `blindSince`; null while the source answers. */
  readonly blind: { readonly since: number; readonly reason: string } | null;
}

/** The living alerts by key. */
export type AlertBook = ReadonlyMap<string, Alert>;

export type Transition =
  | { readonly kind: 'fired'; readonly alert: Alert }
  | { readonly kind: 'changed'; readonly alert: Alert }
  | { readonly kind: 'resolved'; readonly alert: Alert };

/** What one rule found on one database, with the settings it was judged by. */
export interface Judgement {
  readonly rule: string;
  readonly database: string;
  readonly settings: Pick<RuleSettings, 'severity' | 'forMs'>;
  readonly findings: readonly Finding[];
}

/** Names an alert as its message's footer does. */
export function alertKey(rule: string, database: string, subject: string): string {
  return `${rule} · ${database} · ${subject}`;
}

/**
 * One step of every alert that the judgements speak of: pure, `now` in epoch milliseconds. `unknown` freezes an alert:
 * it neither fires nor resolves on a source that gave no answer.
 */
export function stepAlerts(
  book: AlertBook,
  judgements: readonly Judgement[],
  now: number,
): { readonly book: AlertBook; readonly transitions: readonly Transition[] } {
  const next = new Map(book);
  const transitions: Transition[] = [];
  for (const judgement of judgements) {
    for (const finding of judgement.findings) {
      const key = alertKey(judgement.rule, judgement.database, finding.subject);
      const step = stepOne(next.get(key), key, judgement, finding, now);
      if (step.alert === null || step.alert.state === 'resolved') next.delete(key);
      else next.set(key, step.alert);
      if (step.kind !== 'quiet' && step.alert !== null) transitions.push({ kind: step.kind, alert: step.alert });
    }
  }
  return { book: next, transitions };
}

type Step = { readonly kind: Transition['kind'] | 'quiet'; readonly alert: Alert | null };

function stepOne(previous: Alert | undefined, key: string, judgement: Judgement, finding: Finding, now: number): Step {
  if (finding.standing === 'unknown') return freeze(previous, finding, now);
  if (previous === undefined) {
    if (finding.standing !== 'firing') return { kind: 'quiet', alert: null };
    return fireWhenDue(begin(key, judgement, finding, now), judgement.settings.forMs, now);
  }
  const seen: Alert = {
    ...previous,
    severity: judgement.settings.severity,
    finding,
    blind: null,
    peak: maxOf(previous.peak, finding.value),
  };
  if (previous.state === 'pending') {
    // Pending means "would fire": anything less starts over, so that `for` is unbroken time.
    if (finding.standing !== 'firing') return { kind: 'quiet', alert: null };
    return fireWhenDue(seen, judgement.settings.forMs, now);
  }
  if (finding.standing === 'clear') return { kind: 'resolved', alert: { ...seen, state: 'resolved', resolvedAt: now } };
  const changed =
    previous.finding.headline !== finding.headline ||
    previous.finding.evidence !== finding.evidence ||
    previous.blind !== null;
  return { kind: changed ? 'changed' : 'quiet', alert: seen };
}

function freeze(previous: Alert | undefined, finding: Finding, now: number): Step {
  if (previous === undefined) return { kind: 'quiet', alert: null };
  // An unseen stretch is not unbroken time.
  if (previous.state === 'pending') return { kind: 'quiet', alert: null };
  if (previous.blind?.reason === finding.headline) return { kind: 'quiet', alert: previous };
  const blind = { since: previous.blind?.since ?? now, reason: finding.headline };
  return { kind: 'changed', alert: { ...previous, blind } };
}

function begin(key: string, { rule, database, settings }: Judgement, finding: Finding, now: number): Alert {
  return {
    key,
    rule,
    database,
    subject: finding.subject,
    severity: settings.severity,
    state: 'pending',
    since: now,
    firedAt: null,
    resolvedAt: null,
    peak: finding.value,
    finding,
    blind: null,
  };
}

function fireWhenDue(alert: Alert, forMs: number, now: number): Step {
  if (now - alert.since < forMs) return { kind: 'quiet', alert };
  return { kind: 'fired', alert: { ...alert, state: 'firing', firedAt: now } };
}

function maxOf(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
