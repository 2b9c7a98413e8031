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
  const middles = placeWords(shown);
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
        (fits && Math.abs(middle - x) <= FARTHEST
          ? label(middle, frame.top - 26, words, { anchor: 'middle' }) + drawLead(x, middle, frame.top)
          : '')
      );
    })
    .join('');
}

/** Middles that leave a gap between the words, each group of them evenly around its lines. */
function placeWords(shown: readonly { readonly x: number; readonly half: number }[]): readonly number[] {
  const first = shown[0]?.half ?? 0;
  // How far each stands from the first one when there is nothing but a gap between them.
  const offsets: number[] = [];
  for (const [index, { half }] of shown.entries()) {
    const before = shown[index - 1];
    offsets.push(before ? (offsets[index - 1] ?? 0) + before.half + GAP + half : 0);
  }
  const room = THEME.width - THEME.margin - (shown.at(-1)?.half ?? 0) - (offsets.at(-1) ?? 0);
  const wanted = shown.map(({ x }, index) => x - (offsets[index] ?? 0));
  return spreadLabels(wanted, 0, THEME.margin + first, room).map((place, index) => place + (offsets[index] ?? 0));
}

/** From words that stand aside to their line. */
function drawLead(x: number, middle: number, top: number): string {
  if (Math.abs(middle - x) < 14) return '';
  return element('path', { d: `M${middle} ${top - 18}L${x} ${top - 12}`, stroke: THEME.muted, 'stroke-width': 2 });
}
