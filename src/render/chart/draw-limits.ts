import { textWidth } from './fit-text.ts';
import type { Frame } from './frame.ts';
import { label } from './label.ts';
import type { Limit } from './limits.ts';
import { spreadLabels } from './spread-labels.ts';
import { element } from './svg.ts';
import { THEME } from './theme.ts';

const PITCH = 31;
const LEADER = 30;
const LOOKS = {
  end: { colour: THEME.limit, dashes: undefined, bold: false },
  edge: { colour: THEME.limit, dashes: '3 7', bold: false },
  alarm: { colour: THEME.alarm, dashes: '14 8', bold: true },
} as const;

/** Room that the names need right of the plot, px. */
export function limitsWidth(limits: readonly Limit[]): number {
  const widths = limits.map((limit) => LEADER + textWidth(nameOf(limit), THEME.textSize, LOOKS[limit.kind].bold));
  return Math.max(textWidth('UTC', THEME.textSize) + 24, ...widths);
}

/** The lines across the plot; their names stand right of it, moved apart where lines are close, each led to its line. */
export function drawLimits(frame: Frame, limits: readonly Limit[]): string {
  const shown = limits
    .filter(({ count }) => count >= 0 && count <= frame.topCount)
    .toSorted((a, b) => b.count - a.count);
  const wanted = shown.map(({ count }) => frame.y(count));
  const heights = spreadLabels(wanted, PITCH, frame.top - 2, frame.bottom - 10);
  return shown
    .map((limit, index) => {
      const { colour, dashes, bold } = LOOKS[limit.kind];
      const y = wanted[index] ?? 0;
      const height = heights[index] ?? y;
      const line = { fill: 'none', stroke: colour };
      const across = { d: `M${frame.left} ${y}H${frame.right}`, 'stroke-dasharray': dashes };
      const width = limit.kind === 'alarm' ? 3.5 : 2.5;
      return (
        element('path', { ...across, stroke: THEME.card, 'stroke-width': width + 4, 'stroke-opacity': 0.55 }) +
        element('path', { ...across, ...line, 'stroke-width': width }) +
        element('path', {
          ...line,
          d: `M${frame.right} ${y}h4L${frame.right + LEADER - 8} ${height}`,
          'stroke-width': 2,
          'stroke-opacity': 0.6,
        }) +
        label(frame.right + LEADER, height + 9, nameOf(limit), { fill: colour, bold })
      );
    })
    .join('');
}

function nameOf({ name, count }: Limit): string {
  return `${name} ${Math.round(count)}`;
}
