import type { RuleSettings } from '../model/rule-options.ts';
import { type Alert, type AlertBook, alertId, alertKey } from './alert.ts';
import { ANY_SUBJECT, type Finding } from './rule.ts';

export type Transition = {
  readonly kind:
    | 'fired'
    /** Newer numbers, or a source lost or regained: `changed` edits the message and is no news by itself. */
    | 'changed'
    | 'resolved'
    | 'acknowledged'
    | 'handed-back'
    | 'silenced'
    | 'unsilenced'
    | 'muted'
    | 'unmuted'
    /** Another message is wanted: nobody acknowledged it for `repeat`, it got worse, or what kept it quiet has ended. */
    | 'posted';
  readonly alert: Alert;
};

/** What one rule found on one database, with the settings it was judged by. */
export interface Judgement {
  readonly rule: string;
  readonly database: string;
  readonly settings: Pick<RuleSettings, 'severity' | 'forMs' | 'keepMs' | 'repeatMs'>;
  readonly findings: readonly Finding[];
  /** Speaks of some subjects only: those it leaves out stay as they are. Without it they are over. */
  readonly partial?: boolean;
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
    for (const finding of completeFindings(judgement, next)) {
      const key = alertKey(judgement.rule, judgement.database, finding.subject);
      const step = stepOne(next.get(key), key, judgement, finding, now);
      if (step.alert === null || step.alert.state === 'resolved') next.delete(key);
      else next.set(key, step.alert);
      if (step.kind !== 'quiet' && step.alert !== null) transitions.push({ kind: step.kind, alert: step.alert });
    }
  }
  return { book: next, transitions };
}

/** Adds what follows for the living alerts that the findings leave out: frozen with a rule that cannot see, else over. */
function completeFindings({ rule, database, findings, partial }: Judgement, book: AlertBook): readonly Finding[] {
  const blind = findings.find(({ subject, standing }) => subject === ANY_SUBJECT && standing === 'unknown');
  const named = findings.filter(({ subject }) => subject !== ANY_SUBJECT);
  if (partial === true) return named;
  const subjects = new Set(named.map(({ subject }) => subject));
  const left = [...book.values()].filter(
    (alert) => alert.rule === rule && alert.database === database && !subjects.has(alert.subject),
  );
  return [...named, ...left.map(({ subject, finding }) => (blind ? rename(blind, subject) : end(finding)))];
}

function rename(finding: Finding, subject: string): Finding {
  return { ...finding, subject };
}

function end(finding: Finding): Finding {
  return { ...finding, standing: 'clear' };
}

type Step = { readonly kind: 'fired' | 'changed' | 'resolved' | 'quiet'; readonly alert: Alert | null };

function stepOne(previous: Alert | undefined, key: string, judgement: Judgement, finding: Finding, now: number): Step {
  if (finding.standing === 'unknown') return freeze(previous, finding, now);
  const { settings } = judgement;
  const forMs = finding.atOnce === true ? 0 : settings.forMs;
  if (previous === undefined) {
    if (finding.standing !== 'firing') return { kind: 'quiet', alert: null };
    return fireWhenDue(begin(key, judgement, finding, now), forMs, now);
  }
  const seen: Alert = {
    ...previous,
    severity: finding.severity ?? settings.severity,
    repeatMs: settings.repeatMs,
    heardAt: now,
    finding,
    blind: null,
    // A clock that was set back begins the time anew: waited out as it stands, a full server would be told an hour late.
    clearSince: finding.standing === 'clear' ? Math.min(previous.clearSince ?? now, now) : null,
    peak: maxOf(previous.peak, finding.value),
  };
  if (previous.state === 'pending') {
    // Pending means "would fire": anything less starts over, so that `for` is unbroken time.
    if (finding.standing !== 'firing') return { kind: 'quiet', alert: null };
    return fireWhenDue({ ...seen, since: Math.min(previous.since, now) }, forMs, now);
  }
  if (seen.clearSince !== null && now - seen.clearSince >= settings.keepMs)
    return { kind: 'resolved', alert: { ...seen, state: 'resolved', resolvedAt: now } };
  const changed =
    previous.finding.headline !== finding.headline ||
    previous.finding.evidence !== finding.evidence ||
    previous.severity !== seen.severity ||
    previous.blind !== null ||
    // Of what is only heard of, the journal must know when: silence for long is its end.
    (judgement.partial === true && now - previous.heardAt >= HEARD_EVERY_MS);
  return { kind: changed ? 'changed' : 'quiet', alert: seen };
}

const HEARD_EVERY_MS = 3_600_000;

function freeze(previous: Alert | undefined, finding: Finding, now: number): Step {
  if (previous === undefined) return { kind: 'quiet', alert: null };
  // An unseen stretch is not unbroken time.
  if (previous.state === 'pending') return { kind: 'quiet', alert: null };
  if (previous.blind?.reason === finding.headline) return { kind: 'quiet', alert: previous };
  const blind = { since: previous.blind?.since ?? now, reason: finding.headline };
  return { kind: 'changed', alert: { ...previous, blind, clearSince: null } };
}

function begin(key: string, { rule, database, settings }: Judgement, finding: Finding, now: number): Alert {
  return {
    id: alertId(key, now),
    key,
    rule,
    database,
    subject: finding.subject,
    severity: finding.severity ?? settings.severity,
    state: 'pending',
    since: now,
    firedAt: null,
    resolvedAt: null,
    peak: finding.value,
    finding,
    blind: null,
    clearSince: null,
    repeatMs: settings.repeatMs,
    heardAt: now,
    ending: null,
    acknowledged: null,
    silenced: null,
    muted: null,
    post: null,
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
