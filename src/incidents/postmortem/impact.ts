import { formatDuration } from '../../model/duration.ts';
import { describeUse } from '../describe-event.ts';
import type { IncidentAlert } from '../incident.ts';
import { listLosses } from '../list-losses.ts';
import { worstWords } from '../measure-incident.ts';
import { writeHolders } from './holders-table.ts';
import type { Part } from './part.ts';
import { type Block, cutMiddle, moment, prompt, table } from './pen.ts';

const MOST_ALERTS = 40;
const MOST_LOSSES = 40;

/** What people lost, what fired, and how full it was. */
export function writeImpact(part: Part): readonly Block[] {
  const { incident, figures, pen, pictures } = part;
  const { closed } = incident;
  return [
    ...writeLosses(part),
    ...(closed === null
      ? [prompt('how severe was it, and who was affected? (asked for at closing)')]
      : [
          `Severity ${pen.text(closed.severity)}, as ${pen.who(closed.by)} wrote when closing it:`,
          quoteOr(part, closed.impact),
        ]),
    prompt('what did users see, how many of them, and was anything lost for good?'),
    ...(incident.alerts.length === 0 ? [] : [tableOfAlerts(part)]),
    ...figures.peaks.map(
      (peak) => `**Peak of ${pen.text(peak.database, 63)}:** ${describeUse(peak)} in use at ${moment(peak.at)}.`,
    ),
    ...pictures.map((picture) =>
      picture.ok
        ? `![Connections of ${pen.text(picture.database, 63)} during the incident](${picture.file})`
        : `No chart of ${pen.text(picture.database, 63)}: ${pen.text(picture.reason)}.`,
    ),
    ...writeHolders(part),
  ];
}

function quoteOr({ pen }: Part, impact: string): Block {
  return impact.trim() === '' ? prompt('what was the impact?') : pen.quote(impact);
}

function writeLosses({ incident: { alerts }, pen }: Part): readonly Block[] {
  const lines = listLosses(alerts).map((one) => `- ${pen.text(one)}`);
  if (lines.length === 0) return ['No alert named what depends on it (`impact:` in the configuration).'];
  return [
    'What depends on it, in the words of the configuration:',
    cutMiddle(lines, MOST_LOSSES, (left) => `- … ${left} more …`).join('\n'),
  ];
}

function tableOfAlerts({ incident: { alerts }, figures: { events }, pen }: Part): Block {
  const rows = alerts.map((alert) => [
    pen.text(alert.key, 150),
    alert.severity,
    alert.firedAt === null ? 'never' : moment(alert.firedAt),
    alert.resolvedAt === null ? 'not yet' : `${moment(alert.resolvedAt)}${lasted(alert)}`,
    pen.text(worstWords(alert, events)),
  ]);
  const header = ['Alert', 'Severity', 'Fired', 'Resolved', 'At its worst'];
  return table(
    header,
    cutMiddle(rows, MOST_ALERTS, (left) => [`… ${left} more alerts …`]),
  );
}

function lasted({ firedAt, resolvedAt }: IncidentAlert): string {
  return firedAt === null || resolvedAt === null || resolvedAt < firedAt
    ? ''
    : ` (${formatDuration(resolvedAt - firedAt)})`;
}
