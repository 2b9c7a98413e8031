import { THEME } from './theme.ts';

/** Where things stand on the card, px, and how time and counts become places (rounded to a tenth). */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** The count at the upper edge of the plot. */
  readonly topCount: number;
  x(at: number): number;
  y(count: number): number;
}

export interface FrameNeeds {
  readonly fromMs: number;
  readonly toMs: number;
  readonly topCount: number;
  /** Room for the numbers of the value axis, px. */
  readonly axisWidth: number;
  /** Room right of the plot for the names of the lines, px. */
  readonly gutterWidth: number;
  readonly hasEvents: boolean;
  readonly legendRows: number;
}

export const LEGEND_ROW = 44;
const HEADER = 132;
const EVENTS = 42;
const TIME_AXIS = 56;

export function createFrame(needs: FrameNeeds): Frame {
  const { fromMs, toMs, topCount } = needs;
  const left = THEME.margin + needs.axisWidth;
  const right = THEME.width - THEME.margin - needs.gutterWidth;
  const top = HEADER + (needs.hasEvents ? EVENTS : 0);
  const bottom = THEME.height - THEME.margin + 6 - needs.legendRows * LEGEND_ROW - TIME_AXIS;
  return {
    left,
    right,
    top,
    bottom,
    fromMs,
    toMs,
    topCount,
    x: (at) => place(left + ((at - fromMs) / (toMs - fromMs)) * (right - left), left),
    y: (count) => place(bottom - (count / topCount) * (bottom - top), bottom),
  };
}

/** To a tenth of a pixel, and never outside what a drawing can hold. */
function place(value: number, otherwise: number): number {
  return Math.abs(value) < 1e6 ? Math.round(value * 10) / 10 : otherwise;
}
