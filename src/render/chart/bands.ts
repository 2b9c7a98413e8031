import { NOT_LOGGED_IN } from '../../model/application.ts';
import { FOLDED_APPLICATIONS } from '../../model/history-names.ts';
import type { CountedPoint } from './counted-points.ts';
import { assignColours } from './palette.ts';
import { THEME } from './theme.ts';

/** One layer of the stack. */
export interface Band {
  readonly name: string;
  readonly colour: string;
  /** Drawn faintly: the chart is about another application. */
  readonly faint: boolean;
  /** Several applications in one. */
  readonly folded: boolean;
  /** Sessions at the point that is told in numbers: the latest, unless another is given. */
  readonly latest: number;
  countAt(point: CountedPoint): number;
}

const MOST_BANDS = 8;

/**
 * The layers from the bottom up: the application that the chart is about, then by highest count, so that the largest
 * lies on the flat axis where its shape can be read; what is too small for a layer of its own goes together on top.
 */
export function layBands(
  points: readonly CountedPoint[],
  knownApplications: readonly string[],
  focus: string | undefined,
  latest = points.at(-1),
): readonly Band[] {
  const layer = (name: string, colour: string, folded: boolean, countAt: Band['countAt']): Band => {
    const faint = focus !== undefined && name !== focus;
    return { name, colour, faint, folded, latest: latest ? countAt(latest) : 0, countAt };
  };

  const { ranked, foldedBefore } = rankApplications(points, focus);
  const fits = ranked.length + (foldedBefore ? 1 : 0) <= MOST_BANDS;
  const drawn = fits ? ranked : ranked.slice(0, MOST_BANDS - 1);
  const colours = assignColours(drawn, [...knownApplications, ...ranked.toSorted()]);
  const named = drawn.map((name) =>
    layer(name, colours.get(name) ?? THEME.others, false, ({ counts }) => counts.get(name) ?? 0),
  );
  if (fits && !foldedBefore) return named;

  // What the history has folded already came without a number of applications.
  const name = foldedBefore ? 'others' : `${ranked.length - drawn.length} others`;
  const countRest = (point: CountedPoint) => point.total - named.reduce((sum, band) => sum + band.countAt(point), 0);
  return [...named, layer(name, THEME.others, true, countRest)];
}

/** The applications that were ever connected, by highest count; the focus comes first, those on their way in last. */
function rankApplications(points: readonly CountedPoint[], focus: string | undefined) {
  const peaks = new Map<string, number>();
  for (const { counts } of points) {
    for (const [name, count] of counts) if (count > (peaks.get(name) ?? 0)) peaks.set(name, count);
  }
  const foldedBefore = peaks.delete(FOLDED_APPLICATIONS);
  const ranked = [...peaks]
    .sort(
      ([a, m], [b, n]) =>
        Number(b === focus) - Number(a === focus) ||
        Number(a === NOT_LOGGED_IN) - Number(b === NOT_LOGGED_IN) ||
        n - m ||
        (a < b ? -1 : 1),
    )
    .map(([name]) => name);
  return { ranked, foldedBefore };
}
