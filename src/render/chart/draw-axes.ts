import { textWidth } from './fit-text.ts';
import type { Frame } from './frame.ts';
import { label } from './label.ts';
import { element } from './svg.ts';
import { THEME } from './theme.ts';
import { timeTicks } from './time-axis.ts';
import { valueTicks } from './value-axis.ts';

const MOST_VALUES = 7;
const TIME_GAP = 36;

/** Room that the numbers of the value axis need, px. */
export function axisWidth(topCount: number): number {
  return textWidth(String(valueTicks(topCount, MOST_VALUES).at(-1) ?? 0), THEME.textSize) + 16;
}

/** Horizontal lines with their counts, drawn below the areas. */
export function drawValueAxis(frame: Frame): string {
  return valueTicks(frame.topCount, MOST_VALUES)
    .map((count) => {
      const y = frame.y(count);
      const line = count === 0 ? THEME.baseline : THEME.grid;
      return (
        element('path', { d: `M${frame.left} ${y}H${frame.right}`, stroke: line, 'stroke-width': 2 }) +
        label(frame.left - 14, y + 9, String(count), { anchor: 'end', fill: THEME.muted })
      );
    })
    .join('');
}

/** Times below the plot, and the word UTC. */
export function drawTimeAxis(frame: Frame): string {
  const roomFor = (text: string) =>
    Math.floor((frame.right - frame.left) / (textWidth(text, THEME.textSize) + TIME_GAP));
  const room = { withSeconds: roomFor('00:00:00'), withMinutes: roomFor('00:00') };
  const y = frame.bottom + 36;
  const ticks = timeTicks(frame.fromMs, frame.toMs, room).map(({ at, text }) => {
    const x = frame.x(at);
    const half = textWidth(text, THEME.textSize) / 2;
    return (
      element('path', { d: `M${x} ${frame.bottom}v8`, stroke: THEME.baseline, 'stroke-width': 2 }) +
      label(Math.max(THEME.margin + half, Math.min(frame.right, x)), y, text, { anchor: 'middle', fill: THEME.muted })
    );
  });
  return ticks.join('') + label(THEME.width - THEME.margin, y, 'UTC', { anchor: 'end', fill: THEME.muted });
}
