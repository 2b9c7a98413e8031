import type { Holders } from '../../model/kill-plan.ts';
import { type Band, layBands } from './bands.ts';
import { type CountedPoint, countedPoints } from './counted-points.ts';
import { drawHeader } from './draw-header.ts';
import { cutToWidth, textWidth } from './fit-text.ts';
import { LEGEND_ROW } from './frame.ts';
import { label } from './label.ts';
import { mixColours } from './mix-colours.ts';
import { printable } from './printable.ts';
import { element } from './svg.ts';
import { THEME } from './theme.ts';

export interface BeforeAfterChart {
  readonly title: string;
  /** What was done, as in `terminated 45`. */
  readonly subtitle: string;
  readonly before: Holders;
  readonly after: Holders;
  /** The configured applications, in their order: so each has its colour of the other charts. */
  readonly knownApplications: readonly string[];
}

const BAR = { height: 88, gap: 34, top: 184 } as const;
const LEGEND = { columns: 3, swatch: 24, gap: 12, above: 34 } as const;
/** Of the card's colour between two parts, px. */
const SEAM = 2;

/** Who held the connections before and after: two stacked bars on one scale, as an SVG document. Never throws. Pure. */
export function renderBeforeAfterChart(chart: BeforeAfterChart): string {
  const points = countedPoints([pointOf(0, chart.before), pointOf(1, chart.after)], { fromMs: 0, toMs: 1 });
  const bands = layBands(points, chart.knownApplications, undefined);
  const rows = Math.ceil(bands.length / LEGEND.columns);
  const bottom = BAR.top + 2 * BAR.height + BAR.gap;
  const height = bottom + LEGEND.above + rows * LEGEND_ROW + THEME.margin - 10;
  const scale = scaleOf(chart, points);
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: THEME.width,
      height,
      viewBox: `0 0 ${THEME.width} ${height}`,
      'font-family': THEME.font,
    },
    element('rect', { width: THEME.width, height, fill: THEME.card }),
    drawHeader({ title: chart.title, subtitles: [chart.subtitle], headline: headlineOf(chart, points[1]) }),
    ...points.map((point, index) => drawBar(['before', 'after'][index] ?? '', point, index, bands, scale)),
    drawLimits(chart.after, scale, bottom),
    drawLegend(bands, points, bottom + LEGEND.above),
  );
}

interface Scale {
  readonly left: number;
  readonly right: number;
  x(count: number): number;
}

function scaleOf({ before, after }: BeforeAfterChart, points: readonly CountedPoint[]): Scale {
  const left = THEME.margin + textWidth('before', THEME.textSize) + 20;
  // The numbers at the ends, and the name of the last line, stand right of the bars.
  const right = THEME.width - THEME.margin - textWidth('max 10000', THEME.textSize);
  const limits = [before.max, after.max].map((max) => soundCount(max) ?? 0);
  const top = Math.max(5, ...limits, ...points.map(({ total }) => total));
  return { left, right, x: (count) => left + ((right - left) * count) / top };
}

function drawBar(name: string, point: CountedPoint, index: number, bands: readonly Band[], scale: Scale): string {
  const y = BAR.top + index * (BAR.height + BAR.gap);
  const { left, right } = scale;
  let from = 0;
  const parts = bands.map((band) => {
    const count = band.countAt(point);
    from += count;
    return drawPart({ x: scale.x(from - count), y, width: scale.x(from) - scale.x(from - count) - SEAM }, band, count);
  });
  const baseline = y + BAR.height / 2;
  return (
    label(THEME.margin, baseline + 10, name, { fill: THEME.muted }) +
    element('rect', { x: left, y, width: right - left, height: BAR.height, fill: THEME.grid, 'fill-opacity': 0.45 }) +
    parts.join('') +
    label(THEME.width - THEME.margin, baseline + 14, String(point.total), { anchor: 'end', bold: true, size: 40 })
  );
}

/** Its count stands in it where it has room. */
function drawPart(at: { readonly x: number; readonly y: number; readonly width: number }, band: Band, count: number) {
  if (at.width <= 0) return '';
  const words = String(Math.round(count));
  const fits = textWidth(words, THEME.textSize, true) + 14 <= at.width;
  const style = { anchor: 'middle', bold: true, fill: THEME.card } as const;
  return (
    element('rect', { ...at, height: BAR.height, fill: mixColours(band.colour, THEME.card, 0.9) }) +
    (fits ? label(at.x + at.width / 2, at.y + BAR.height / 2 + 10, words, style) : '')
  );
}

function drawLimits({ usable, max }: Holders, scale: Scale, bottom: number): string {
  // A dark line under the light one: it crosses light colours.
  const line = (count: number, dashes?: string) => {
    const path = { d: `M${scale.x(count)} ${BAR.top - 14}V${bottom + 8}`, 'stroke-dasharray': dashes, fill: 'none' };
    return (
      element('path', { ...path, stroke: THEME.card, 'stroke-width': 6.5, 'stroke-opacity': 0.55 }) +
      element('path', { ...path, stroke: THEME.limit, 'stroke-width': 2.5 })
    );
  };
  const [top, edge] = [soundCount(max), soundCount(usable)];
  const y = BAR.top - 24;
  const ofMax = top === null ? '' : line(top) + label(scale.x(top) + 2, y, `max ${top}`, { fill: THEME.limit });
  if (edge === null || edge === top || scale.x(edge) > scale.right) return ofMax;
  const name = `usable ${edge}`;
  const before = scale.x(edge) - textWidth(name, THEME.textSize) - 6 > scale.left;
  const at = before
    ? ({ x: scale.x(edge) - 6, anchor: 'end' } as const)
    : ({ x: scale.left, anchor: 'start' } as const);
  return ofMax + line(edge, '3 7') + label(at.x, y, name, { fill: THEME.limit, anchor: at.anchor });
}

function drawLegend(bands: readonly Band[], points: readonly CountedPoint[], top: number): string {
  const width = (THEME.width - 2 * THEME.margin) / LEGEND.columns;
  return bands
    .map((band, index) => {
      const x = THEME.margin + (index % LEGEND.columns) * width;
      const y = top + Math.floor(index / LEGEND.columns) * LEGEND_ROW;
      const counts = points.map((point) => Math.round(band.countAt(point)));
      const change = [...new Set(counts)].join(' → ');
      const words = x + LEGEND.swatch + LEGEND.gap;
      const room = width - LEGEND.swatch - 3 * LEGEND.gap - textWidth(change, THEME.textSize, true);
      const name = cutToWidth(printable(band.name), room, THEME.textSize);
      return (
        element('rect', {
          x,
          y,
          width: LEGEND.swatch,
          height: LEGEND.swatch,
          rx: 6,
          fill: mixColours(band.colour, THEME.card, 0.9),
        }) +
        label(words, y + 22, name, { fill: THEME.muted }) +
        label(words + textWidth(name, THEME.textSize) + LEGEND.gap, y + 22, change, { bold: true })
      );
    })
    .join('');
}

function headlineOf({ after: { usable, max } }: BeforeAfterChart, point: CountedPoint | undefined) {
  const total = point?.total ?? 0;
  const limit = soundCount(usable) ?? soundCount(max);
  const caption = limit === null ? 'in use' : soundCount(usable) === null ? `of ${limit}` : `of ${limit} usable`;
  return { number: String(total), caption, tone: limit !== null && total >= limit ? 'alarm' : 'calm' } as const;
}

function pointOf(at: number, { applications }: Holders) {
  return { at, counts: new Map(applications.map(({ name, count }) => [name, count])) };
}

function soundCount(count: number | null): number | null {
  return count !== null && count >= 0 && count < 1e9 ? Math.round(count) : null;
}
