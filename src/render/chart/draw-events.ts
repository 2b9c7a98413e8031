import { cutToWidth, textWidth } from './fit-text.ts';
import type { Frame } from './frame.ts';
import { label } from './label.ts';
import { printable } from './printable.ts';
import { element } from './svg.ts';
import { THEME } from './theme.ts';

/** Something that happened, marked on the time axis: `alert fired`. */
export interface ChartEvent {
  readonly at: number;
  readonly label: string;
}

const WIDEST = 260;
const GAP = 22;
/** How far right of its line a label may be pushed by the one before, px. */
const FARTHEST = 200;

/** A vertical line for each event, its words above the plot where they do not run into those before. */
export function drawEvents(frame: Frame, events: readonly ChartEvent[]): string {
  let free = THEME.margin;
  return events
    .filter(({ at }) => at >= frame.fromMs && at <= frame.toMs)
    .toSorted((a, b) => a.at - b.at)
    .map((event) => {
      const x = frame.x(event.at);
      const line =
        element('path', {
          d: `M${x} ${frame.top - 4}V${frame.bottom}`,
          stroke: THEME.text,
          'stroke-width': 2.5,
          'stroke-dasharray': '2 6',
          'stroke-linecap': 'round',
        }) + element('path', { d: `M${x - 8} ${frame.top - 12}h16l-8 11Z`, fill: THEME.text });
      const words = cutToWidth(printable(event.label), WIDEST, THEME.textSize);
      const half = textWidth(words, THEME.textSize) / 2;
      const middle = Math.max(free + half, Math.min(THEME.width - THEME.margin - half, x));
      if (middle - x > FARTHEST || middle + half > THEME.width - THEME.margin) return line;
      free = middle + half + GAP;
      return line + label(middle, frame.top - 22, words, { anchor: 'middle' });
    })
    .join('');
}
