import type { Band } from './bands.ts';
import type { CountedPoint } from './counted-points.ts';
import type { Frame } from './frame.ts';
import { mixColours } from './mix-colours.ts';
import { element, tenth } from './svg.ts';
import { THEME } from './theme.ts';

type Place = readonly [x: number, y: number];

/** Half the width of what was seen only once, px: enough to be noticed. */
const LONE_HALF_WIDTH = 5;

/**
 * The stacked areas of each run. Painted from the top of the stack down, each to the axis, so that no seam shows
 * between neighbours and each edge is written once.
 */
export function drawAreas(frame: Frame, runs: readonly (readonly CountedPoint[])[], bands: readonly Band[]): string {
  return bands
    .map((band, index) => ({ band, stack: bands.slice(0, index + 1) }))
    .toReversed()
    .map(({ band, stack }) => {
      const edges = runs.map((run) => edgeOf(frame, run, stack));
      const base = tenth(frame.bottom);
      const fill = edges.map((edge) => `${path(edge)}V${base}H${tenth(edge[0]?.[0] ?? 0)}Z`).join('');
      const strength = band.faint ? 0.22 : 0.82;
      return (
        element('path', { d: fill, fill: mixColours(band.colour, THEME.card, strength) }) +
        element('path', {
          d: edges.map(path).join(''),
          fill: 'none',
          stroke: mixColours(band.colour, THEME.card, band.faint ? 0.45 : 1),
          'stroke-width': 2,
          'stroke-linejoin': 'round',
        })
      );
    })
    .join('');
}

function edgeOf(frame: Frame, run: readonly CountedPoint[], stack: readonly Band[]): readonly Place[] {
  const places = run.map((point): Place => {
    const count = stack.reduce((sum, band) => sum + band.countAt(point), 0);
    return [frame.x(point.at), frame.y(count)];
  });
  const [first] = places;
  if (first && places.length === 1) {
    return [
      [first[0] - LONE_HALF_WIDTH, first[1]],
      [first[0] + LONE_HALF_WIDTH, first[1]],
    ];
  }
  // Counts stand still most of the time: a place on the level of both its neighbours adds nothing.
  return places.filter(([, y], index) => places[index - 1]?.[1] !== y || places[index + 1]?.[1] !== y);
}

function path(places: readonly Place[]): string {
  return places.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${tenth(x)} ${tenth(y)}`).join('');
}
