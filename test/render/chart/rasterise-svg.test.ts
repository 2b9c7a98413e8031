import { describe, expect, test } from 'vitest';
import { createRasteriser, rasteriseSvg } from '../../../src/render/chart/rasterise-svg.ts';
import { renderConnectionChart } from '../../../src/render/chart/render-connection-chart.ts';
import { connectionChart, NOON_OF_TROUBLE as NOW, point } from '../../support/connection-chart.ts';

const canvas = (content: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40">${content}</svg>`;
const text = (attributes: string, words: string) =>
  canvas(`<text x="4" y="30" font-size="24" ${attributes}>${words}</text>`);

/** Width and height as the PNG's header says them. */
function sizeOf(png: Uint8Array): { width: number; height: number } {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

describe('rasterising', () => {
  test('gives a PNG of 1100 × 640 px, far below what Discord takes', async () => {
    const png = await rasteriseSvg(renderConnectionChart(connectionChart()));
    expect(sizeOf(png)).toEqual({ width: 1100, height: 640 });
    expect(png.length).toBeLessThan(500_000);
  });

  test('draws text, with the bundled font alone', async () => {
    const [blank, words, bold] = await Promise.all([
      rasteriseSvg(canvas('')),
      rasteriseSvg(text('font-family="DejaVu Sans Condensed"', 'site')),
      rasteriseSvg(text('font-family="DejaVu Sans Condensed" font-weight="bold"', 'site')),
    ]);
    expect(words).not.toEqual(blank);
    expect(bold).not.toEqual(words);
  });

  test('bears names that the font cannot draw', async () => {
    const counts = { 日本語アプリ: 4, '🦀\u202e\u0000': 3, '</text><script>': 2, ['\u0302'.repeat(60)]: 1 };
    const png = await rasteriseSvg(renderConnectionChart(connectionChart({ samples: [point(NOW, counts)] })));
    expect(sizeOf(png)).toEqual({ width: 1100, height: 640 });
  });

  test('refuses a document that is not sound', async () => {
    await expect(rasteriseSvg('<svg')).rejects.toThrow();
  });
});

test('a rasteriser draws one image at a time, in order, and goes on after a failure', async () => {
  const log: string[] = [];
  const rasterise = createRasteriser(async (svg) => {
    log.push(`begins ${svg}`);
    await Promise.resolve();
    log.push(`ends ${svg}`);
    if (svg === 'b') throw new Error('no image');
    return new Uint8Array();
  });
  const outcomes = await Promise.allSettled([rasterise('a'), rasterise('b'), rasterise('c')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(log).toEqual(['begins a', 'ends a', 'begins b', 'ends b', 'begins c', 'ends c']);
});
