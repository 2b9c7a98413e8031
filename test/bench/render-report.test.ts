import { describe, expect, it } from 'vitest';
import { figureOf, singleFigure } from '../../bench/figure.ts';
import { formatNumber, formatRatio, renderOutcome } from '../../bench/render-report.ts';

const peer = { name: 'the peer', value: 690, source: 'facts.md, Peers' };

describe('a figure', () => {
  it('is held against each peer: ours ÷ theirs', () => {
    const { peers } = figureOf({ name: 'detection', unit: 'ms', peers: [peer] }, [138]);
    expect(peers).toEqual([{ ...peer, ratio: 0.2 }]);
  });
});

describe('the report', () => {
  it.each([
    [undefined, ''],
    [0, '0'],
    [0.01234, '0.0123'],
    [1.999, '2'],
    [45.67, '45.7'],
    [43_400.4, '43400'],
    [-1_234.5, '-1235'],
  ])('writes %s as "%s"', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it.each([
    [0.2, '0.2 of'],
    [1, '1 times'],
    [3.456, '3.46 times'],
  ])('writes the ratio %d as "%s"', (ratio, text) => {
    expect(formatRatio(ratio)).toBe(text);
  });

  it('names unit, peer and ratio of each figure, and what a reader must know', () => {
    const figures = [
      figureOf({ name: 'crossing', unit: 'ms', peers: [peer] }, [100, 138, 200]),
      singleFigure({ name: 'growth', unit: 'KiB/min' }, { statistic: 'slope', value: -3, n: 60 }),
    ];
    const text = renderOutcome({
      name: 'detection',
      summary: 'from here to there',
      tookMs: 61_000,
      ok: true,
      measured: { figures, notes: ['a note'] },
    });
    expect(text).toMatch(/^\ndetection: from here to there\n/);
    expect(text).toMatch(
      /crossing +ms +138 +median +100 +200 +200 +3\n +0\.2 of the peer: 690 ms \(facts\.md, Peers\)/,
    );
    expect(text).toMatch(/growth +KiB\/min +-3 +slope +60/);
    expect(text).toMatch(/· a note\n {2}· took 1 min 1 s$/);
  });

  it('says loudly what could not be measured, and why', () => {
    const text = renderOutcome({ name: 'rest', summary: 's', tookMs: 1, ok: false, reason: 'no /proc' });
    expect(text).toContain('NOT MEASURED: no /proc');
  });
});
