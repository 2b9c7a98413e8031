import type { Interval } from '../../model/history-gaps.ts';
import { textWidth } from './fit-text.ts';
import type { Frame } from './frame.ts';
import { label } from './label.ts';
import { element } from './svg.ts';
import { THEME } from './theme.ts';

const WORDS = 'no data';
/** A gap of one lost sample would be thinner than a hair: it shows all the same. */
const LEAST_WIDTH = 4;

/** The pattern that `drawGaps` fills with. */
export function gapPattern(): string {
  return element(
    'pattern',
    { id: 'gap', width: 12, height: 12, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    element('rect', { width: 4, height: 12, fill: THEME.baseline, 'fill-opacity': 0.38 }),
  );
}

/** Hatching where nothing is known, with the words where there is room. */
export function drawGaps(frame: Frame, gaps: readonly Interval[]): string {
  return gaps
    .map((gap) => {
      const x = Math.max(frame.left, frame.x(gap.fromMs));
      const width = Math.max(LEAST_WIDTH, Math.min(frame.right, frame.x(gap.toMs)) - x);
      const hatching = element('rect', {
        x,
        y: frame.top,
        width,
        height: frame.bottom - frame.top,
        fill: 'url(#gap)',
      });
      const middle = (frame.top + frame.bottom) / 2 + 9;
      return hatching + (hasRoom(width) ? label(x + width / 2, middle, WORDS, { anchor: 'middle', halo: true }) : '');
    })
    .join('');
}

/** Whether some gap is too narrow for the words, so that they must stand elsewhere. */
export function hasNarrowGap(frame: Frame, gaps: readonly Interval[]): boolean {
  return gaps.some(({ fromMs, toMs }) => !hasRoom(frame.x(toMs) - frame.x(fromMs)));
}

function hasRoom(width: number): boolean {
  return width >= textWidth(WORDS, THEME.textSize) + 16;
}
