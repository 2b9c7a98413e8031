import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Holders } from '../../../src/model/kill-plan.ts';
import { renderBeforeAfterChart } from '../../../src/render/chart/before-after-chart.ts';
import { renderConnectionChart } from '../../../src/render/chart/render-connection-chart.ts';
import { connectionChart, NOON_OF_TROUBLE, point } from '../../support/connection-chart.ts';
import { faultInXml } from '../../support/well-formed-xml.ts';

function holders(counts: Readonly<Record<string, number>>, limits: Partial<Holders> = {}): Holders {
  const applications = Object.entries(counts).map(([name, count]) => ({ name, count }));
  const used = applications.reduce((sum, { count }) => sum + count, 0);
  return { used, usable: 97, max: 100, applications, ...limits };
}

function draw(before: Holders, after: Holders, knownApplications: readonly string[] = []): string {
  return renderBeforeAfterChart({ title: 'main', subtitle: 'terminated 45', before, after, knownApplications });
}

const words = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</gu)].map(([, word]) => word);
const swatches = (svg: string) => [...svg.matchAll(/rx="6" fill="(#[0-9a-f]{6})"/gu)].map(([, colour]) => colour);

describe('the chart of before and after', () => {
  it('writes the totals, the limits, and the change of each application', () => {
    expect(words(draw(holders({ site: 91, bot: 9 }), holders({ site: 46, bot: 9 })))).toEqual(
      expect.arrayContaining(['100', '55', 'of 97 usable', 'usable 97', 'max 100', 'site', '91 → 46', 'bot', '9']),
    );
  });

  it('gives an application the colour that it has in the connection chart', () => {
    const counts = { site: 40, metricity: 20, bot: 10 };
    const known = ['site', 'metricity', 'bot'];
    const samples = [point(NOON_OF_TROUBLE, counts)];
    const line = renderConnectionChart(connectionChart({ samples, knownApplications: known }));
    expect(swatches(draw(holders(counts), holders({ site: 1 }), known))).toEqual(swatches(line));
  });

  it('draws both bars on one scale, up to max', () => {
    const svg = draw(holders({ site: 50 }), holders({ site: 25 }));
    const [before = 0, after = 0] = [...svg.matchAll(/width="([\d.]+)" height="88" fill="#(?!31343d)/gu)].map(
      ([, width]) => Number(width),
    );
    expect(before / after).toBeCloseTo(2, 1);
  });

  it('is alarmed while nobody gets in', () => {
    expect(draw(holders({ site: 99 }), holders({ site: 97 }))).toMatch(/fill="#ff6b6b"[^>]*>97</);
    expect(draw(holders({ site: 99 }), holders({ site: 96 }))).not.toContain('#ff6b6b');
  });

  it('is well-formed XML of sound numbers, whatever comes in', () => {
    const number = fc.oneof(fc.double(), fc.integer(), fc.nat(200));
    const some: fc.Arbitrary<Holders> = fc.record({
      used: number,
      usable: fc.option(number),
      max: fc.option(number),
      applications: fc.array(fc.record({ name: fc.string({ unit: 'binary' }), count: number }), { maxLength: 12 }),
    });
    fc.assert(
      fc.property(some, some, fc.string({ unit: 'binary' }), (before, after, title) => {
        const chart = { title, subtitle: title, before, after, knownApplications: [title] };
        const svg = renderBeforeAfterChart(chart);
        expect(faultInXml(svg)).toBeNull();
        expect(svg.replaceAll(/>[^<]*</gu, '><')).not.toMatch(/NaN|Infinity|undefined|null/u);
      }),
      { numRuns: 100 },
    );
  });
});
