import { cutToWidth, textWidth } from './fit-text.ts';
import type { Frame } from './frame.ts';
import { label } from './label.ts';
import { printable } from './printable.ts';
import { spreadLabels } from './spread-labels.ts';
import { element } from './svg.ts';
import { THEME } from './theme.ts';

/** Something that happened, marked on the time axis: `alert fired`. */
export interface ChartEvent {
  readonly at: number;
  readonly label: string;
}

const WIDEST = 260;
const GAP = 22;
/** How far from its line a label may be pushed by its neighbours, px: farther away it would name another. */
const FARTHEST = 160;

/** A vertical line for each event; above the plot the words, around their lines where these stand close together. */
export function drawEvents(frame: Frame, events: readonly ChartEvent[]): string {
  const shown = events
    .filter(({ at }) => at >= frame.fromMs && at <= frame.toMs)
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, label: text }) => {
      const words = cutToWidth(printable(text), WIDEST, THEME.textSize);
      return { x: frame.x(at), words, half: textWidth(words, THEME.textSize) / 2 };
    });
  const widest = Math.max(0, ...shown.map(({ half }) => 2 * half));
  const [left, right] = [THEME.margin + widest / 2, THEME.width - THEME.margin - widest / 2];
  const middles = spreadLabels(
    shown.map(({ x }) => x),
    widest + GAP,
    left,
    right,
  );
  return shown
    .map(({ x, words, half }, index) => {
      const middle = middles[index] ?? x;
      const fits = middle - half >= THEME.margin && middle + half <= THEME.width - THEME.margin;
      return (
        element('path', {
          d: `M${x} ${frame.top - 4}V${frame.bottom}`,
          stroke: THEME.text,
          'stroke-width': 2.5,
          'stroke-dasharray': '2 6',
          'stroke-linecap': 'round',
        }) +
        element('path', { d: `M${x - 8} ${frame.top - 12}h16l-8 11Z`, fill: THEME.text }) +
        (fits && Math.abs(middle - x) <= FARTHEST ? label(middle, frame.top - 22, words, { anchor: 'middle' }) : '')
      );
    })
    .join('');
}
