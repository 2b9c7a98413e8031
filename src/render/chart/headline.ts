import type { ConnectionChart } from './connection-chart.ts';
import type { CountedPoint } from './counted-points.ts';
import { timeOf } from './time-axis.ts';

/** The one number that the reader wants first. */
export interface Headline {
  readonly number: string;
  /** What stands behind it, as in `of 97 usable`. Both are empty when nothing was counted. */
  readonly caption: string;
  readonly tone: 'calm' | 'alarm' | 'stale';
}

/** The current count against what it may be; a count that nothing newer confirms says of when it is. */
export function headlineOf(chart: ConnectionChart, latest: CountedPoint | undefined, isStale: boolean): Headline {
  if (latest === undefined) return { number: '', caption: '', tone: 'stale' };
  const { focus, usable, max, fireAt } = chart;
  const count = focus ? (latest.counts.get(focus.application) ?? 0) : latest.total;
  const number = String(Math.round(count));
  if (isStale) return { number, caption: `at ${timeOf(latest.at, true)}, then no data`, tone: 'stale' };
  if (chart.atPeak) return { number, caption: `at the peak, ${timeOf(latest.at, true)}`, tone: 'calm' };
  const alarmAt = focus ? focus.limit : (fireAt ?? usable ?? max);
  const tone = alarmAt !== undefined && alarmAt !== null && count >= alarmAt ? 'alarm' : 'calm';
  if (focus) return { number, caption: focus.limit === undefined ? '' : `of ${focus.limit} allowed`, tone };
  if (usable !== null) return { number, caption: `of ${usable} usable`, tone };
  return { number, caption: max === null ? '' : `of ${max}`, tone };
}
