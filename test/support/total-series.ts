import * as fc from 'fast-check';
import type { TotalPoint } from '../../src/model/forecast.ts';

/** Samples of `totalAt` (given milliseconds before or after `now`, which are ≤ 0), whole and never negative. */
export function sampled(
  totalAt: (sinceNowMs: number) => number,
  { now, spanMs, stepMs }: { readonly now: number; readonly spanMs: number; readonly stepMs: number },
): readonly TotalPoint[] {
  return Array.from({ length: Math.floor(spanMs / stepMs) }, (_, index) => {
    const sinceNowMs = -index * stepMs;
    return { at: now + sinceNowMs, total: Math.max(0, Math.round(totalAt(sinceNowMs))) };
  }).toReversed();
}

/** Noise that is the same whenever the same moment is asked for, evenly spread between −1 and 1. */
export function noiseOf(seed: number): (sinceNowMs: number) => number {
  return (sinceNowMs) => {
    let mixed = (seed ^ Math.imul(Math.round(sinceNowMs) + 1, 0x9e3779b1)) >>> 0;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 31 - 1;
  };
}

/** A moment, a sampling interval, and the seed of the noise. */
export const sampling = fc.record({
  now: fc.integer({ min: 0, max: 2e12 }),
  stepMs: fc.constantFrom(250, 1_000, 5_000),
  seed: fc.nat(),
});

export function between(min: number, max: number): fc.Arbitrary<number> {
  return fc.double({ min, max, noNaN: true });
}
