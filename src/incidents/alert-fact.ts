import type { Alert } from '../alerts/alert.ts';
import type { IncidentAlert } from './incident.ts';
import type { AlertFact, TimelineEvent } from './timeline.ts';

/** Kept for ever, and of a stranger's length where a webhook wrote them. */
const LONGEST = { headline: 300, evidence: 1_000, impact: 500 } as const;

/** That an alert became so, when that truly was; `now` where the alert does not remember it. Pure. */
export function alertEvent(became: AlertFact['became'], alert: Alert, now: number): TimelineEvent {
  const { id, key, rule, database, severity, since, firedAt, peak, finding, ending } = alert;
  const fact: AlertFact = {
    type: 'alert',
    became,
    alertId: id,
    key,
    rule,
    database,
    severity,
    headline: cutText(finding.headline, LONGEST.headline),
    evidence: cutText(ending ?? finding.evidence, LONGEST.evidence),
    impact: cutText(finding.impact, LONGEST.impact),
    peak,
    since,
    firedAt,
  };
  return { at: momentOf(became, alert) ?? now, by: became === 'acknowledged' ? ownerOf(alert) : null, fact };
}

/** That nobody knows any more what became of an alert: it is taken for over. Pure. */
export function lostEvent({ id, ...alert }: IncidentAlert, now: number): TimelineEvent {
  const { key, rule, database, severity, headline, impact, peak, since, firedAt } = alert;
  const fact = { key, rule, database, severity, headline, impact, peak, since, firedAt };
  return { at: now, by: null, fact: { type: 'alert', became: 'resolved', alertId: id, evidence: LOST, ...fact } };
}

const LOST = 'Nobody knows what became of it, as a journal could not be read: it is taken for over.';

/** At most so many characters, the last one an ellipsis when something went. */
export function cutText(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function momentOf(became: AlertFact['became'], alert: Alert): number | null {
  switch (became) {
    case 'fired':
    case 'joined':
      return alert.firedAt;
    case 'acknowledged':
      return alert.acknowledged?.at ?? null;
    case 'resolved':
      return alert.resolvedAt;
    case 'posted-again':
      return alert.post?.at ?? null;
    // The alert does not say since when.
    case 'worse':
    case 'handed-back':
      return null;
  }
}

function ownerOf({ acknowledged }: Alert): string | null {
  return acknowledged?.by ?? null;
}
