import { expect, test } from 'vitest';
import { layBands } from '../../../src/render/chart/bands.ts';
import { countedPoints } from '../../../src/render/chart/counted-points.ts';
import { point } from '../../support/connection-chart.ts';

const WINDOW = { fromMs: 0, toMs: 100 };
const points = (...counts: Record<string, number>[]) =>
  countedPoints(
    counts.map((entry, at) => point(at, entry)),
    WINDOW,
  );
const names = (...counts: Record<string, number>[]) =>
  layBands(points(...counts), [], undefined).map(({ name }) => name);

test('the application that was largest at any time lies at the bottom', () => {
  expect(names({ bot: 5, site: 60, metabase: 9 }, { bot: 5, site: 4, metabase: 9 })).toEqual([
    'site',
    'metabase',
    'bot',
  ]);
});

test('the application that the chart is about lies at the bottom, the others are faint', () => {
  const bands = layBands(points({ bot: 5, site: 60 }), [], 'bot');
  expect(bands.map(({ name, faint }) => [name, faint])).toEqual([
    ['bot', false],
    ['site', true],
  ]);
});

test('an application that was never connected has no layer', () => {
  expect(names({ bot: 5, site: 0 }, { bot: 5 })).toEqual(['bot']);
});

test('what the history has folded already joins what the chart folds', () => {
  const counts = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`app-${index}`, 20 - index]));
  const bands = layBands(points({ ...counts, other: 30 }), [], undefined);
  expect(bands).toHaveLength(8);
  expect(bands.at(-1)).toMatchObject({ name: 'others', folded: true, latest: 30 + 13 + 12 });
});

test('the layers add up to the total', () => {
  const [sample, ...rest] = points(
    Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`app-${index}`, index])),
  );
  expect(rest).toEqual([]);
  if (sample === undefined) throw new Error('the point is missing');
  const sum = layBands([sample], [], undefined).reduce((total, band) => total + band.countAt(sample), 0);
  expect(sum).toBe(sample.total);
});
