import { expect, test } from 'vitest';
import { drawEvents } from '../../../src/render/chart/draw-events.ts';

const frame = { fromMs: 0, toMs: 900, top: 170, bottom: 470, x: (at: number) => at + 100 } as never;
const middlesOf = (svg: string) =>
  [...svg.matchAll(/<text x="([\d.]+)"[^>]*>([^<]*)</g)].map(([, x, text]) => [text, Number(x)]);

test('words stand over their line, and around their lines where these stand close together', () => {
  expect(middlesOf(drawEvents(frame, [{ at: 400, label: 'calm' }]))).toEqual([['calm', 500]]);
  const [fired, killed] = middlesOf(
    drawEvents(frame, [
      { at: 400, label: 'alert fired' },
      { at: 410, label: 'kill-stale' },
    ]),
  );
  expect(Number(fired?.[1]) + Number(killed?.[1])).toBeCloseTo(1_010, 0);
  expect(Number(fired?.[1])).toBeLessThan(500);
});

test('words that would stand too far from their line are left out, the line is not', () => {
  const svg = drawEvents(
    frame,
    Array.from({ length: 6 }, (_, index) => ({ at: 400 + index, label: 'alert fired' })),
  );
  expect(middlesOf(svg).length).toBeLessThan(6);
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(6);
});
