import type { Incident } from '../incidents/incident.ts';
import { writePostmortem } from '../incidents/postmortem.ts';
import type { PaintedChart } from './connection-chart-file.ts';
import type { Message } from './message.ts';
import { renderPostmortemMessage } from './postmortem-message.ts';

/** `/incident postmortem`: written from the timeline as it is, `now` in epoch milliseconds, with a chart for each database. Pure. */
export function renderPostmortem(
  incident: Incident,
  facts: {
    readonly now: number;
    readonly names: ReadonlyMap<string, string>;
    readonly charts: readonly { readonly database: string; readonly chart: PaintedChart }[];
  },
): Message {
  const { now, names, charts } = facts;
  const pictures = charts.map(({ database, chart }) =>
    chart.ok
      ? ({ database, ok: true, file: chart.file.name } as const)
      : ({ database, ok: false, reason: chart.reason } as const),
  );
  const markdown = writePostmortem(incident, { now, nameOf: (id) => names.get(id) ?? null, pictures });
  return renderPostmortemMessage(
    incident,
    markdown,
    charts.flatMap(({ chart }) => (chart.ok ? [chart.file] : [])),
  );
}
