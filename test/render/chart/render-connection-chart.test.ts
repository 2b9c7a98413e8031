import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConnectionChart } from '../../../src/render/chart/connection-chart.ts';
import { PALETTE } from '../../../src/render/chart/palette.ts';
import { renderConnectionChart } from '../../../src/render/chart/render-connection-chart.ts';
import { connectionChart, NOON_OF_TROUBLE as NOW, point } from '../../support/connection-chart.ts';
import { faultInXml } from '../../support/well-formed-xml.ts';

const MINUTE = 60_000;
const render = (given: Partial<ConnectionChart> = {}) => renderConnectionChart(connectionChart(given));

/** All words of a drawing, in the order in which they are drawn. */
function words(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/gu)].map(([, text = '']) => text);
}

/** The fill of the swatch before each name of the legend. */
function legend(svg: string): Record<string, string> {
  const entries = svg.matchAll(/rx="6" fill="(#[0-9a-f]{6})"\/><text[^>]*>([^<]*)</gu);
  return Object.fromEntries([...entries].map(([, colour = '', name = '']) => [name, colour]));
}

describe('the words of a connection chart', () => {
  test('say what is shown, when, and how many of how many', () => {
    const said = words(render());
    expect(said).toEqual(expect.arrayContaining(['main · connections', '11 Dec 2020, 12:54–13:24 UTC', 'UTC']));
    expect(said.slice(-2)).toEqual(['73', 'of 97 usable']);
  });

  test('are of the highest point where the chart is about what is over', () => {
    const samples = [point(NOW - MINUTE, { site: 80, metricity: 9 }), point(NOW, { site: 12, metricity: 10 })];
    const said = words(render({ samples, atPeak: true }));
    expect(said.slice(-2)).toEqual(['89', 'at the peak, 13:23:00']);
    expect(said.slice(said.indexOf('site')).slice(0, 4)).toEqual(['site', '80', 'metricity', '9']);
  });

  test('name the lines', () => {
    expect(words(render({ fireAt: 90 }))).toEqual(expect.arrayContaining(['max 100', 'usable 97', 'alert 90']));
  });

  test('name max and usable once when nothing is reserved', () => {
    const said = words(render({ max: 100, usable: 100 }));
    expect(said).toContain('max 100');
    expect(said).not.toContain('usable 100');
  });

  test('name no line that is not known', () => {
    const said = words(render({ max: null, usable: null }));
    expect(said.filter((word) => /max|usable|alert/u.test(word))).toEqual([]);
  });

  test('list the applications with their current counts, largest first', () => {
    const said = words(render({ samples: [point(NOW, { bot: 3, site: 64, metricity: 9 })] }));
    const from = said.indexOf('site');
    expect(said.slice(from, from + 6)).toEqual(['site', '64', 'metricity', '9', 'bot', '3']);
  });

  test('fold all but seven applications when there are more than eight', () => {
    const counts = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`app-${index}`, 30 - index]));
    const svg = render({ samples: [point(NOW, counts)] });
    expect(Object.keys(legend(svg))).toEqual([...Array.from({ length: 7 }, (_, index) => `app-${index}`), '23 others']);
    expect(words(svg)).toContain('276');
  });

  test('speak of one application against its limit when the chart is about it', () => {
    const said = words(render({ focus: { application: 'site', limit: 32 }, fireAt: 90 }));
    expect(said).toContain('limit 32');
    expect(said).not.toContain('alert 90');
    expect(said.slice(-2)).toEqual(['64', 'of 32 allowed']);
  });

  test('cut a name of 63 bytes with an ellipsis', () => {
    const svg = render({ samples: [point(NOW, { ['W'.repeat(63)]: 1 })] });
    expect(Object.keys(legend(svg))).toEqual([expect.stringMatching(/^W{4,12}…$/u)]);
  });

  test('say that nothing was counted yet', () => {
    expect(words(render({ samples: [] }))).toContain('No connections counted yet');
  });

  test('call the latest count old when only a gap follows it', () => {
    const gaps = [{ fromMs: NOW - 4 * MINUTE, toMs: NOW }];
    const said = words(render({ samples: [point(NOW - 4 * MINUTE, { site: 64 })], gaps }));
    expect(said.slice(-2)).toEqual(['64', 'at 13:20:00, then no data']);
  });

  test('label a wide gap in its place and a narrow one in the subtitle', () => {
    const gap = (minutes: number) => [{ fromMs: NOW - 20 * MINUTE, toMs: NOW - (20 - minutes) * MINUTE }];
    expect(words(render({ gaps: gap(8) }))).toContain('no data');
    expect(words(render({ gaps: gap(1) }))).toContain('11 Dec 2020, 12:54–13:24 UTC · hatched: no data');
  });

  test('name events, and a forecast', () => {
    const events = [{ at: NOW - 3 * MINUTE, label: 'alert fired' }];
    const forecast = [{ at: NOW + 5 * MINUTE, total: 97 }];
    const svg = render({ events, forecast, toMs: NOW + 6 * MINUTE });
    expect(words(svg)).toEqual(expect.arrayContaining(['alert fired', 'forecast']));
  });

  test('give the time that was seen, not the time to come', () => {
    const forecast = [{ at: NOW + 5 * MINUTE, total: 97 }];
    expect(words(render({ forecast, toMs: NOW + 6 * MINUTE }))).toContain('11 Dec 2020, 12:54–13:24 UTC');
  });
});

describe('the drawing of a connection chart', () => {
  test('does not join what lies on both sides of a gap', () => {
    const samples = [20, 19, 2, 1].map((minutes) => point(NOW - minutes * MINUTE, { site: minutes }));
    const gaps = [{ fromMs: NOW - 19 * MINUTE, toMs: NOW - 2 * MINUTE }];
    const pieces = (svg: string) =>
      /stroke-width="2"[^>]*stroke-linejoin/u.test(svg) && svg.match(/d="(M[^"]*L[^"]*M[^"]*)"/u);
    expect(pieces(render({ samples, gaps }))).toBeTruthy();
    expect(pieces(render({ samples }))).toBeFalsy();
  });

  test('draws the numbers in red from the alert threshold up', () => {
    const headline = (fireAt: number) => /fill="(#[0-9a-f]+)"[^>]*>73</u.exec(render({ fireAt }))?.[1];
    expect(headline(73)).toBe('#ff6b6b');
    expect(headline(74)).toBe('#f2f3f5');
  });

  test('stays small with thousands of points, and keeps the peak', () => {
    const samples = Array.from({ length: 21_600 }, (_, index) =>
      point(NOW - 6 * 60 * MINUTE + index * 1000, { site: index === 9000 ? 96 : 10 + (index % 7), bot: index % 5 }),
    );
    const svg = render({ fromMs: NOW - 6 * 60 * MINUTE, samples });
    expect(svg.length).toBeLessThan(100_000);
    const withoutPeak = samples.map((sample, index) => (index === 9000 ? point(sample.at, { site: 10 }) : sample));
    const highest = (drawing: string) => {
      const areas = [...drawing.matchAll(/d="(M[^"]*)Z"/gu)].map(([, path = '']) => path);
      return Math.min(...areas.flatMap((path) => [...path.matchAll(/L[\d.]+ ([\d.]+)/gu)].map(([, y]) => Number(y))));
    };
    const low = render({ fromMs: NOW - 6 * 60 * MINUTE, samples: withoutPeak });
    expect(highest(svg)).toBeLessThan(highest(low) - 100);
  });

  test('gives an application the colour that it had in the other charts of the run', () => {
    const knownApplications = ['site', 'metricity', 'metabase', 'pinnwand', 'bitwarden', 'grafana', 'breakwater'];
    const colours = (counts: Record<string, number>) =>
      legend(render({ knownApplications, samples: [point(NOW, counts)] }));
    const many = colours(Object.fromEntries(knownApplications.map((name, index) => [name, index + 1])));
    for (const name of knownApplications) expect(colours({ [name]: 5, grafana: 50 })[name]).toBe(many[name]);
    expect(new Set(Object.values(many)).size).toBe(knownApplications.length);
  });

  test('keeps the colours when the sizes change', () => {
    const names = Array.from({ length: 20 }, (_, index) => `role_${index}`);
    const samples = (sizeOf: (index: number) => number) => [
      point(NOW, Object.fromEntries(names.map((name, index) => [name, sizeOf(index)]))),
    ];
    const first = legend(render({ samples: samples((index) => (index < 7 ? 50 - index : 1)) }));
    const second = legend(render({ samples: samples((index) => (index < 7 ? 50 + index : 1)) }));
    expect(second).toEqual(first);
    expect(new Set(Object.values(first)).size).toBe(8);
  });
});

describe('any connection chart', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
    fc.constantFrom('', '<script>', '&#x41;', ']]>', '\u202eevil', '@everyone', 'other', '__proto__', '\ud83d'),
  );
  const number = fc.oneof(fc.double(), fc.integer(), fc.nat(200));
  const time = fc.oneof(number, fc.integer({ min: NOW - 30 * MINUTE, max: NOW }));
  const chart: fc.Arbitrary<ConnectionChart> = fc.record({
    title: hostile,
    fromMs: fc.oneof(fc.constant(NOW - 30 * MINUTE), number),
    toMs: fc.oneof(fc.constant(NOW), number),
    samples: fc.array(
      fc.record({
        at: time,
        counts: fc.option(fc.array(fc.tuple(hostile, number)).map((entries) => new Map(entries))),
      }),
    ),
    gaps: fc.array(fc.record({ fromMs: time, toMs: time }), { maxLength: 3 }),
    max: fc.option(number),
    usable: fc.option(number),
    fireAt: fc.option(number, { nil: undefined }),
    focus: fc.option(fc.record({ application: hostile, limit: fc.option(number, { nil: undefined }) }), {
      nil: undefined,
    }),
    forecast: fc.option(fc.array(fc.record({ at: time, total: number }), { maxLength: 3 }), { nil: undefined }),
    events: fc.option(fc.array(fc.record({ at: time, label: hostile }), { maxLength: 3 }), { nil: undefined }),
    knownApplications: fc.option(fc.array(hostile), { nil: undefined }),
  });

  test('is well-formed XML of sound numbers, whatever comes in', () => {
    fc.assert(
      fc.property(chart, (input) => {
        const svg = renderConnectionChart(input);
        expect(faultInXml(svg)).toBeNull();
        expect(svg.replaceAll(/>[^<]*</gu, '><')).not.toMatch(/NaN|Infinity|undefined|null/u);
      }),
      { numRuns: 300 },
    );
  });

  test('is the same drawing for the same input', () => {
    fc.assert(
      fc.property(chart, (input) => renderConnectionChart(input) === renderConnectionChart(input)),
      { numRuns: 50 },
    );
  });

  test('draws applications in different colours of the palette', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(names, fc.array(fc.string()), (drawn, knownApplications) => {
        const svg = render({
          knownApplications,
          samples: [point(NOW, Object.fromEntries(drawn.map((name) => [name, 2])))],
        });
        const swatches = [...svg.matchAll(/rx="6" fill="(#[0-9a-f]{6})"/gu)].map(([, colour]) => colour);
        expect(new Set(swatches).size).toBe(swatches.length);
        expect(swatches.length).toBeLessThanOrEqual(PALETTE.length);
      }),
    );
  });
});
