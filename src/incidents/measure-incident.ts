import type { HoldersFact } from './describe-event.ts';
import type { Incident, IncidentAlert } from './incident.ts';
import { measureRecoveries, type RecoveryFigures } from './measure-recoveries.ts';
import { tellPeak } from './tell-peak.ts';
import type { AlertFact, TimelineEvent } from './timeline.ts';

/** What an incident comes to in numbers. Durations in milliseconds; null: the timeline does not know. */
export interface IncidentFigures {
  /** In the order of time, whatever order they were written down in. */
  readonly events: readonly TimelineEvent[];
  /** The alert that it began with; null where none fired. */
  readonly trigger: IncidentAlert | null;
  /** What had fired before that one, oldest first. */
  readonly warnings: readonly IncidentAlert[];
  /** Who acknowledged first once it was open: the commander. */
  readonly acknowledged: { readonly member: string; readonly at: number } | null;
  /** Who owned one of its alerts first, perhaps a warning before it opened. */
  readonly ownedFirst: { readonly member: string; readonly at: number } | null;
  /** From its condition first seen to the alert. */
  readonly detectMs: number | null;
  /** From the alert, or from the moment that it opened the incident. */
  readonly acknowledgeMs: number | null;
  readonly recoverMs: number | null;
  /** From the opening to the closing, or until now. */
  readonly lastedMs: number | null;
  /** The most connections that were counted, per database. */
  readonly peaks: readonly (HoldersFact & { readonly at: number })[];
  /** Of all that was carried out; null where nothing was. */
  readonly sessions: { readonly terminated: number; readonly spared: number; readonly failed: number } | null;
  readonly recoveries: readonly RecoveryFigures[];
}

/** Pure; `now` in epoch milliseconds, for what is not over. */
export function measureIncident(incident: Incident, now: number): IncidentFigures {
  const events = incident.events.toSorted((a, b) => a.at - b.at);
  const fired = incident.alerts
    .filter((alert): alert is FiredAlert => alert.firedAt !== null)
    .toSorted((a, b) => a.firedAt - b.firedAt);
  const cause = events.map(({ fact }) => fact).find(({ type }) => type === 'opened');
  const causes = fired.filter(({ key }) => cause?.type === 'opened' && cause.cause === key);
  const { openedAt, openedBy, commander } = incident;
  // The newest that lived when it opened: earlier ones of the same name were over, or quiet.
  const living = causes.findLast(
    ({ firedAt, resolvedAt }) => firedAt <= openedAt && (resolvedAt === null || resolvedAt >= openedAt),
  );
  const trigger = living ?? causes[0] ?? fired[0] ?? null;
  // A warning that opened an incident when it got worse had fired long before.
  const beganAt = trigger && (openedBy === null ? Math.max(trigger.firedAt, openedAt) : trigger.firedAt);
  return {
    events,
    trigger,
    warnings: trigger === null ? [] : fired.filter(({ firedAt }) => firedAt < trigger.firedAt),
    acknowledged: commander,
    ownedFirst: firstAcknowledgement(incident.alerts),
    detectMs: elapsed(trigger?.since, trigger?.firedAt),
    acknowledgeMs: elapsed(beganAt, commander?.at),
    recoverMs: elapsed(beganAt, incident.calmSince),
    lastedMs: elapsed(incident.openedAt, incident.closed?.at ?? now),
    peaks: findPeaks(events),
    sessions: countSessions(events),
    recoveries: measureRecoveries(events),
  };
}

type FiredAlert = IncidentAlert & { readonly firedAt: number };

function firstAcknowledgement(alerts: readonly IncidentAlert[]): IncidentFigures['ownedFirst'] {
  const [first] = alerts
    .flatMap(({ acknowledgedBy: member, acknowledgedAt: at }) =>
      member !== null && at !== null ? [{ member, at }] : [],
    )
    .sort((a, b) => a.at - b.at);
  return first ?? null;
}

/** Null as well where the one comes before the other: clocks were set meanwhile, or it is no measure of this alert. */
function elapsed(from: number | null | undefined, to: number | null | undefined): number | null {
  return from === null || from === undefined || to === null || to === undefined || to < from ? null : to - from;
}

function findPeaks(events: readonly TimelineEvent[]): IncidentFigures['peaks'] {
  const peaks = new Map<string, HoldersFact & { readonly at: number }>();
  for (const { at, fact } of events) {
    if (fact.type === 'holders' && fact.used > (peaks.get(fact.database)?.used ?? -1))
      peaks.set(fact.database, { ...fact, at });
  }
  return [...peaks.values()];
}

function countSessions(events: readonly TimelineEvent[]): IncidentFigures['sessions'] {
  const figures = events.flatMap(({ fact }) =>
    fact.type === 'act' && fact.stage === 'done' ? [fact.figures ?? {}] : [],
  );
  if (!figures.some(({ terminated }) => terminated !== undefined)) return null;
  const sum = (name: string) => figures.reduce((total, one) => total + (one[name] ?? 0), 0);
  return { terminated: sum('terminated'), spared: sum('spared'), failed: sum('failed') };
}

/** What an alert said first. */
export function firstWords(alert: IncidentAlert, events: readonly TimelineEvent[]): Words {
  return wordsOf(alert, events)[0];
}

/** What an alert said at its worst, with its peak; what it says once it is over is no news of how bad it was. */
export function worstWords(alert: IncidentAlert, events: readonly TimelineEvent[]): string {
  const worst = wordsOf(alert, events).reduce((most, one) => ((one.peak ?? -1) > (most.peak ?? -1) ? one : most));
  return tellPeak(worst.headline, alert);
}

type Words = Pick<AlertFact, 'headline' | 'evidence' | 'peak'>;

function wordsOf(alert: IncidentAlert, events: readonly TimelineEvent[]): readonly [Words, ...Words[]] {
  const [first, ...rest] = events.flatMap(({ fact }) =>
    fact.type === 'alert' && fact.alertId === alert.id && fact.became !== 'resolved' ? [fact] : [],
  );
  return first === undefined ? [{ ...alert, evidence: '' }] : [first, ...rest];
}
