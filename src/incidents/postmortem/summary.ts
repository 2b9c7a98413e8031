import type { Part } from './part.ts';
import { type Block, lasting, moment, table } from './pen.ts';
import { subjectOf } from './subject.ts';

const UNKNOWN = 'unknown';

const MOST_SERVICES = 20;

/** The incident at a glance. */
export function writeSummary({ incident, figures, pen }: Part): readonly Block[] {
  const { id, databases, openedAt, openedBy, closed, calmSince, commander, alerts } = incident;
  const { detectMs, recoverMs, lastedMs, sessions, trigger } = figures;
  const firing = alerts.some(({ resolvedAt }) => resolvedAt === null);
  const services = alerts
    .filter(({ rule }) => rule === 'service-down')
    .slice(0, MOST_SERVICES)
    .map((alert) => pen.text(subjectOf(alert)));
  const rows = [
    ['Incident', pen.text(id)],
    ['Databases', databases.map((name) => pen.text(name, 63)).join(', ') || 'none'],
    [
      'Opened',
      `${moment(openedAt)}, by ${openedBy !== null || trigger === null ? pen.who(openedBy) : `the alert ${pen.text(trigger.key)}`}`,
    ],
    ['Calm since', calmSince === null ? (firing ? 'not yet: alerts still fire' : UNKNOWN) : moment(calmSince)],
    ['Closed', closed === null ? 'not yet' : `${moment(closed.at)}, by ${pen.who(closed.by)}`],
    ['Severity', closed === null ? 'asked for at closing' : pen.text(closed.severity)],
    ['Commander', commander === null ? 'nobody' : pen.who(commander.member)],
    ['Lasted', `${lasting(lastedMs)}${closed === null ? ', and is still open' : ''}`],
    ['Time to detect', `${lasting(detectMs)} (condition seen → alert fired)`],
    ['Time to acknowledge', describeAcknowledgement(figures)],
    ['Time to recover', `${lasting(recoverMs)} (fired → calm)`],
    ...(services.length === 0 ? [] : [['Services down', services.join(', ')]]),
    ...(sessions === null
      ? []
      : [
          ['Sessions ended', `terminated ${sessions.terminated}, spared ${sessions.spared}, failed ${sessions.failed}`],
        ]),
  ];
  return [table(['Summary', ''], rows)];
}

function describeAcknowledgement({ acknowledged, acknowledgeMs }: Part['figures']): string {
  if (acknowledged === null) return 'never acknowledged';
  if (acknowledgeMs === null) return 'unknown: not acknowledged after the alert that it began with';
  return `${lasting(acknowledgeMs)} (fired → acknowledged)`;
}
