import { describe, expect, test } from 'vitest';
import { assignColours, PALETTE } from '../../../src/render/chart/palette.ts';
import { THEME } from '../../../src/render/chart/theme.ts';

type Triple = readonly [number, number, number];

/** Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB. */
const SIGHTS: Readonly<Record<string, readonly Triple[]>> = {
  'full colour vision': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

describe('the palette', () => {
  // Oklab distances: 0.02 is about the least that the eye tells apart side by side; 0.09 is plain to see.
  test.each(Object.entries(SIGHTS))('keeps its colours apart with %s', (_, sight) => {
    const seen = PALETTE.map((colour) => oklab(see(sight, linear(colour))));
    for (const [index, colour] of seen.entries()) {
      for (const other of seen.slice(index + 1)) expect(distance(colour, other)).toBeGreaterThan(0.09);
    }
  });

  test('keeps away from the red of the alarm line', () => {
    for (const colour of PALETTE) {
      expect(distance(oklab(linear(colour)), oklab(linear(THEME.alarm)))).toBeGreaterThan(0.12);
    }
  });

  test.each(PALETTE)('%s has a contrast of 3 : 1 or more on the card', (colour) => {
    expect(contrast(colour, THEME.card)).toBeGreaterThanOrEqual(3);
  });

  test.each([THEME.text, THEME.muted, THEME.limit, THEME.alarm])('%s is legible on the card (4.5 : 1)', (colour) => {
    expect(contrast(colour, THEME.card)).toBeGreaterThanOrEqual(4.5);
  });
});

describe('the colour of an application', () => {
  test('does not depend on who else is drawn, while the known ones do not change', () => {
    const known = Array.from({ length: PALETTE.length }, (_, index) => `app ${index}`);
    const all = assignColours(known, known);
    for (const name of known) expect(assignColours([name, 'app 0'], known).get(name)).toBe(all.get(name));
  });

  test('is its own among the drawn even when more are known than there are colours', () => {
    const known = Array.from({ length: 100 }, (_, index) => `app ${index}`);
    for (let from = 0; from < 92; from += 1) {
      const drawn = known.slice(from, from + 8);
      expect(new Set(assignColours(drawn, known).values()).size).toBe(8);
    }
  });
});

function linear(colour: string): Triple {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function see(sight: readonly Triple[], [r, g, b]: Triple): Triple {
  const [x = 0, y = 0, z = 0] = sight.map(([a, c, d]) => Math.max(0, Math.min(1, a * r + c * g + d * b)));
  return [x, y, z];
}

/** https://bottosson.github.io/posts/oklab/ */
function oklab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function distance([a, b, c]: Triple, [d, e, f]: Triple): number {
  return Math.hypot(a - d, b - e, c - f);
}

/** WCAG 2 */
function contrast(first: string, second: string): number {
  const luminance = (colour: string) => {
    const [r, g, b] = linear(colour);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const [light = 1, dark = 1] = [luminance(first), luminance(second)].sort((a, b) => b - a);
  return light / dark;
}
