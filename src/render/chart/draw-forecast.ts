import { textWidth } from './fit-text.ts';
import type { Frame } from './frame.ts';
import { label } from './label.ts';
import { element } from './svg.ts';
import { THEME } from './theme.ts';

/** Where the total is expected to be. */
export interface ForecastPoint {
  readonly at: number;
  readonly total: number;
}

const WORD = 'forecast';

/** A dashed line from the latest point through the expected ones. */
export function drawForecast(
  frame: Frame,
  latest: ForecastPoint | undefined,
  forecast: readonly ForecastPoint[],
): string {
  const sound = forecast.filter(({ at, total }) => Number.isFinite(at) && Number.isFinite(total));
  const places = [...(latest ? [latest] : []), ...sound].map(({ at, total }) => [frame.x(at), frame.y(total)] as const);
  const [start, next] = places;
  if (sound.length === 0 || start === undefined) return '';
  const d = places.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  // The word keeps to the side that the line leaves free.
  const rises = next === undefined || next[1] <= start[1];
  const x = Math.min(start[0] + 22, frame.right - textWidth(WORD, THEME.textSize));
  const y = Math.max(frame.top + 30, Math.min(frame.bottom - 14, start[1] + (rises ? 44 : -24)));
  return (
    element('path', { d, fill: 'none', stroke: THEME.text, 'stroke-width': 4, 'stroke-dasharray': '12 9' }) +
    label(x, y, WORD, { halo: true })
  );
}
