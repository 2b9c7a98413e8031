import type { Interval } from '../../model/history-gaps.ts';
import { layBands } from './bands.ts';
import type { ConnectionChart } from './connection-chart.ts';
import { type CountedPoint, countedPoints, splitAtGaps, thinRun } from './counted-points.ts';
import { drawAreas } from './draw-areas.ts';
import { axisWidth, drawTimeAxis, drawValueAxis } from './draw-axes.ts';
import { drawEvents } from './draw-events.ts';
import { drawForecast } from './draw-forecast.ts';
import { drawGaps, gapPattern, hasNarrowGap } from './draw-gaps.ts';
import { drawHeader } from './draw-header.ts';
import { drawLegend, legendRows } from './draw-legend.ts';
import { drawLimits, limitsWidth } from './draw-limits.ts';
import { textWidth } from './fit-text.ts';
import { createFrame, type Frame } from './frame.ts';
import { headlineOf } from './headline.ts';
import { label } from './label.ts';
import { limitsOf, topCountOf } from './limits.ts';
import { element } from './svg.ts';
import { THEME } from './theme.ts';
import { spanInWords } from './time-axis.ts';

/** Px per drawn point: finer than this nobody sees. */
const COLUMN = 2;
const NOTHING_YET = 'No connections counted yet';

/** The chart of product.md §4 as an SVG document of 1100 × 640 px, at most ~150 kB. Never throws. */
export function renderConnectionChart(chart: ConnectionChart): string {
  const window = soundWindow(chart);
  const points = countedPoints(chart.samples, window);
  const latest = points.at(-1);
  const gaps = chart.gaps.filter(({ fromMs, toMs }) => toMs > fromMs && toMs > window.fromMs && fromMs < window.toMs);
  const isStale = latest === undefined || gaps.some(({ fromMs }) => fromMs >= latest.at);
  const told = chart.atPeak ? highest(points) : latest;
  const bands = layBands(points, chart.knownApplications ?? [], chart.focus?.application, told);
  const limits = limitsOf(chart);
  const topCount = topCountOf(chart, points);
  const events = chart.events ?? [];
  const frame = createFrame({
    ...window,
    topCount,
    axisWidth: axisWidth(topCount),
    gutterWidth: limitsWidth(limits),
    hasEvents: events.length > 0,
    legendRows: legendRows(bands.length),
  });
  const columnMs = (COLUMN * (window.toMs - window.fromMs)) / (frame.right - frame.left);
  const runs = splitAtGaps(points, gaps).map((run) => thinRun(run, columnMs));
  const unnamedGap = latest && !isStale && hasNarrowGap(frame, gaps);
  // What is to come is a drawing, not a record.
  const seenToMs = chart.forecast?.length && latest ? latest.at : window.toMs;
  const span = spanInWords(window.fromMs, seenToMs);

  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: THEME.width,
      height: THEME.height,
      viewBox: `0 0 ${THEME.width} ${THEME.height}`,
      'font-family': THEME.font,
    },
    element('defs', {}, gapPattern(), plotClip(frame)),
    element('rect', { width: THEME.width, height: THEME.height, fill: THEME.card }),
    drawValueAxis(frame),
    element(
      'g',
      { 'clip-path': 'url(#plot)' },
      latest ? drawGaps(frame, gaps) : '',
      drawAreas(frame, runs, bands),
      drawForecast(frame, latest, chart.forecast ?? []),
    ),
    drawLimits(frame, limits),
    drawEvents(frame, events),
    drawTimeAxis(frame),
    latest ? drawLegend(bands, isStale && !chart.atPeak) : drawNothingYet(frame),
    drawHeader({
      title: chart.title,
      subtitles: unnamedGap ? [`${span} · hatched: no data`, span] : [span],
      headline: headlineOf(chart, told, isStale && !chart.atPeak),
    }),
  );
}

function highest(points: readonly CountedPoint[]): CountedPoint | undefined {
  return points.reduce<CountedPoint | undefined>(
    (most, one) => (most && most.total >= one.total ? most : one),
    undefined,
  );
}

/** What Date can say, and at least a second of it. */
function soundWindow({ fromMs, toMs }: ConnectionChart): Interval {
  const sound = (at: number) => (Number.isFinite(at) ? Math.max(-8e15, Math.min(8e15, Math.round(at))) : 0);
  return { fromMs: sound(fromMs), toMs: Math.max(sound(toMs), sound(fromMs) + 1000) };
}

function plotClip(frame: Frame): string {
  const size = { width: frame.right - frame.left, height: frame.bottom - frame.top };
  return element('clipPath', { id: 'plot' }, element('rect', { x: frame.left, y: frame.top, ...size }));
}

function drawNothingYet(frame: Frame): string {
  const x = (frame.left + frame.right) / 2;
  const y = (frame.top + frame.bottom) / 2;
  const half = textWidth(NOTHING_YET, THEME.textSize) / 2 + 16;
  return (
    element('rect', { x: x - half, y: y - 24, width: 2 * half, height: 48, fill: THEME.card }) +
    label(x, y + 10, NOTHING_YET, { anchor: 'middle', fill: THEME.muted })
  );
}
