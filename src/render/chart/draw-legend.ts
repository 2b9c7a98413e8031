import type { Band } from './bands.ts';
import { cutToWidth, textWidth } from './fit-text.ts';
import { LEGEND_ROW } from './frame.ts';
import { label } from './label.ts';
import { mixColours } from './mix-colours.ts';
import { printable } from './printable.ts';
import { element } from './svg.ts';
import { THEME } from './theme.ts';

const COLUMNS = 4;
const SWATCH = 24;
const GAP = 12;

/** Rows that so many bands take. */
export function legendRows(bands: number): number {
  return Math.ceil(bands / COLUMNS);
}

/** Name and current count of each band, largest first, the folded ones last. */
export function drawLegend(bands: readonly Band[], stale: boolean): string {
  const shown = bands.toSorted((a, b) => Number(a.folded) - Number(b.folded) || b.latest - a.latest);
  const width = (THEME.width - 2 * THEME.margin) / COLUMNS;
  const top = THEME.height - THEME.margin + 10 - legendRows(shown.length) * LEGEND_ROW;
  return shown
    .map((band, index) => {
      const x = THEME.margin + (index % COLUMNS) * width;
      const y = top + Math.floor(index / COLUMNS) * LEGEND_ROW;
      const count = String(Math.round(band.latest));
      const room = width - SWATCH - 3 * GAP - textWidth(count, THEME.textSize, true);
      const name = cutToWidth(printable(band.name), room, THEME.textSize);
      const words = x + SWATCH + GAP;
      const quiet = stale || band.faint || band.latest === 0;
      return (
        element('rect', {
          x,
          y,
          width: SWATCH,
          height: SWATCH,
          rx: 6,
          fill: mixColours(band.colour, THEME.card, band.faint ? 0.4 : 0.9),
        }) +
        label(words, y + 22, name, { fill: THEME.muted }) +
        label(words + textWidth(name, THEME.textSize) + GAP, y + 22, count, {
          bold: true,
          fill: quiet ? THEME.muted : THEME.text,
        })
      );
    })
    .join('');
}
