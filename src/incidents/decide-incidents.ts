import type { Alert } from '../alerts/alert.ts';
import { isExternal } from '../alerts/external-findings.ts';
import type { Transition } from '../alerts/lifecycle.ts';
import { OWN_SCOPE } from '../model/source-state.ts';
import type { Incident, IncidentAlert } from './incident.ts';
import type { AlertFact } from './timeline.ts';

/** What an alert's transition means for the incidents, and why. */
export type IncidentDecision =
  | { readonly kind: 'open'; readonly reason: string }
  /** Then it joins, or is recorded. */
  | { readonly kind: 'reopen'; readonly incident: Incident; readonly reason: string }
  | { readonly kind: 'join'; readonly incident: Incident; readonly reason: string }
  /** Something became of an alert that belongs to it. */
  | { readonly kind: 'record'; readonly incident: Incident; readonly became: Became; readonly reason: string }
  | { readonly kind: 'nothing'; readonly reason: string };

type Became = AlertFact['became'];

/** The same cause within this after the closing: it was closed too early (product.md §8). */
export const REOPENS_WITHIN_MS = 15 * 60_000;
/** What was over for no longer than this when an incident opens has led up to it. */
export const LEAD_UP_MS = 30 * 60_000;

/**
 * A critical alert opens an incident or joins the open one on its database; warnings join (product.md §8). An occurrence
 * belongs to one incident; one that gets worse once that is closed belongs to the next as well. `databases`: the watched ones. Pure.
 */
export function decideIncident(
  incidents: readonly Incident[],
  { kind, alert }: Transition,
  databases: readonly string[],
  now: number,
): IncidentDecision {
  const own = incidents.filter((incident) => covers(incident, alert.database));
  const homes = own.filter(({ alerts }) => alerts.some(({ id }) => id === alert.id));
  const home = homes.find(({ closed }) => closed === null) ?? homes.at(-1);
  const open = own.find(({ closed }) => closed === null);
  if (home) return decideKnown(home, open, { kind, alert }, now);
  if (!isAboutPeople(alert, databases)) return nothing('it is about the bot itself, or about no watched database');
  if (alert.state !== 'firing') return nothing('it does not fire');
  if (open) return { kind: 'join', incident: open, reason: `${open.id} is open on it` };
  const quiet = whyQuiet(alert);
  if (quiet !== null) return nothing(quiet);
  const closed = findSameCause(own, alert.key, now);
  if (closed) return { kind: 'reopen', incident: closed, reason: `${closed.id} was closed minutes ago` };
  return { kind: 'open', reason: 'it is critical, and nothing is open on it' };
}

/** Whether an incident is about what is filed under this name: its databases, or where it has none, the bot's own scope. */
export function covers({ databases }: Pick<Incident, 'databases'>, database: string): boolean {
  return databases.length === 0 ? database === OWN_SCOPE : databases.includes(database);
}

/**
 * What led up to an incident, and has fired since: all that fires on its database, quietly too, and what was over no
 * longer than 30 minutes before it opened. Not what belongs to an incident. In the order of firing. Pure.
 */
export function findLeadUp(
  incidents: readonly Incident[],
  opened: Pick<Incident, 'databases' | 'openedAt'>,
  alerts: readonly Alert[],
  databases: readonly string[],
): readonly Alert[] {
  const taken = new Set(incidents.flatMap((incident) => incident.alerts.map(({ id }) => id)));
  return alerts
    .filter((alert) => isAboutPeople(alert, databases) && covers(opened, alert.database) && !taken.has(alert.id))
    .filter(
      ({ firedAt, resolvedAt }) => firedAt !== null && (resolvedAt ?? opened.openedAt) >= opened.openedAt - LEAD_UP_MS,
    )
    .sort((a, b) => (a.firedAt ?? 0) - (b.firedAt ?? 0));
}

/**
 * What the bot says of its own sources is no incident of anybody's. A service that depends on no watched database is,
 * and what others raise about none: people miss it. There is no database to find it by, so all such share one incident.
 */
function isAboutPeople({ rule, database }: Alert, databases: readonly string[]): boolean {
  return databases.includes(database) || (database === OWN_SCOPE && (rule === 'service-down' || isExternal(rule)));
}

function decideKnown(
  home: Incident,
  open: Incident | undefined,
  { kind, alert }: Transition,
  now: number,
): IncidentDecision {
  const known = home.alerts.find(({ id }) => id === alert.id);
  const became = known ? becameOf(known, kind, alert) : null;
  if (became === null) return nothing('only its numbers are newer');
  if (home.closed === null) return { kind: 'record', incident: home, became, reason: 'it belongs to it' };
  // Closed while it fired: when it was over is told all the same.
  if (became === 'resolved') return { kind: 'record', incident: home, became, reason: 'it was closed over it' };
  if (became === 'worse' && open !== undefined) return { kind: 'join', incident: open, reason: 'it got worse' };
  if (became === 'worse' && whyQuiet(alert) === null) {
    return now - home.closed.at <= REOPENS_WITHIN_MS
      ? { kind: 'reopen', incident: home, reason: 'what it was closed over got worse' }
      : { kind: 'open', reason: `what ${home.id} was closed over got worse` };
  }
  return nothing(`it belongs to ${home.id}, which is closed`);
}

/** Told by the state, not by the transition alone: after a restart some of them are missing. */
function becameOf(known: IncidentAlert, kind: Transition['kind'], alert: Alert): Became | null {
  const { acknowledged, severity, state, post } = alert;
  if (severity === 'critical' && known.severity === 'warning' && state === 'firing') return 'worse';
  if (acknowledged !== null && acknowledged.at !== known.acknowledgedAt) return 'acknowledged';
  if (state === 'resolved') return known.resolvedAt === null ? 'resolved' : null;
  if (acknowledged === null && known.acknowledgedBy !== null) return 'handed-back';
  return kind === 'posted' && post !== null && post.number > 1 ? 'posted-again' : null;
}

/** Why an alert is no reason to wake anybody; null where it is one. A symptom whose cause pings nobody speaks for itself. */
function whyQuiet({ severity, silenced, muted }: Alert): string | null {
  if (severity !== 'critical') return 'it is a warning, and nothing is open on it';
  if (silenced !== null) return 'it is silenced';
  if (muted !== null && muted.loud !== true) return `it is a symptom of ${muted.by}, which opens one when it fires`;
  return null;
}

function findSameCause(own: readonly Incident[], key: string, now: number): Incident | undefined {
  return own
    .filter(({ closed }) => closed !== null && now - closed.at <= REOPENS_WITHIN_MS)
    .filter(({ alerts }) => alerts.some((alert) => alert.key === key && alert.severity === 'critical'))
    .sort((a, b) => (b.closed?.at ?? 0) - (a.closed?.at ?? 0))[0];
}

function nothing(reason: string): IncidentDecision {
  return { kind: 'nothing', reason };
}
