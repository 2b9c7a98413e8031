import type { ConnectionChart } from './connection-chart.ts';
import type { CountedPoint } from './counted-points.ts';

/** A horizontal line with its name, as in `usable 97`. */
export interface Limit {
  readonly count: number;
  readonly name: string;
  readonly kind: 'end' | 'edge' | 'alarm';
}

/** The lines that a chart draws in. Without reserved slots usable and max are one line. */
export function limitsOf({ max, usable, fireAt, focus }: ConnectionChart): readonly Limit[] {
  const limits: Limit[] = [];
  const add = (count: number | null | undefined, name: string, kind: Limit['kind']) => {
    if (isSound(count)) limits.push({ count, name, kind });
  };
  add(max, 'max', 'end');
  if (usable !== max) add(usable, 'usable', 'edge');
  if (focus) add(focus.limit, 'limit', 'alarm');
  else add(fireAt, 'alert', 'alarm');
  return limits;
}

/**
 * The count at the upper edge. It shows the whole way up to the maximum; only the chart of one application comes nearer
 * where its limit would drown at the foot of a large server.
 */
export function topCountOf({ max, fireAt, focus }: ConnectionChart, points: readonly CountedPoint[]): number {
  const peak = points.reduce((highest, { total }) => Math.max(highest, total), 0);
  const alarmAt = focus ? focus.limit : fireAt;
  const needed = Math.max(peak * 1.08, isSound(alarmAt) ? alarmAt * 1.15 : 0, 5);
  const toMax = isSound(max) ? max * 1.03 : 0;
  return focus && toMax > needed * 2.5 ? needed : Math.max(needed, toMax);
}

function isSound(count: number | null | undefined): count is number {
  return typeof count === 'number' && count >= 0 && count < 1e9;
}
