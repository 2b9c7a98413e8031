import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Forecast } from '../../src/model/forecast.ts';
import { forecastExhaustion } from '../../src/model/forecast-exhaustion.ts';
import { between, noiseOf, sampled, sampling } from '../support/total-series.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const NOW = Date.UTC(2020, 11, 11, 13, 24);
const calm = { now: NOW, spanMs: 10 * MINUTE, stepMs: 5 * SECOND };
/** 40 connections, and so many more a minute for the last `forMs`. */
const leaking = (perMinute: number, forMs: number) => (t: number) => 40 + (perMinute * Math.max(0, t + forMs)) / MINUTE;
const forecast = (totalAt: (t: number) => number, usable = 97): Forecast =>
  forecastExhaustion(sampled(totalAt, calm), usable, NOW);

describe('a leak', () => {
  test.each([
    [4, 90 * SECOND, 765 * SECOND],
    [6, 90 * SECOND, 480 * SECOND],
    [12, 90 * SECOND, 195 * SECOND],
    [6, 5 * MINUTE, 270 * SECOND],
    [1, 6 * MINUTE, 51 * MINUTE],
  ])('of %d a minute, %d ms old, is forecast to the half minute', (perMinute, forMs, inMs) => {
    const found = forecast(leaking(perMinute, forMs));
    expect(found).toMatchObject({ kind: 'exhausts', perMinute: expect.closeTo(perMinute, 0) });
    expect(found.kind === 'exhausts' && Math.abs(found.inMs - inMs)).toBeLessThan(30 * SECOND);
  });

  test('of 6 a minute to 10 a second is forecast from 90 s on, within 35 %, through noise of ±4 s of its rise', () => {
    const leak = fc.record({
      perMinute: between(6, 600),
      forMs: between(90 * SECOND, 10 * MINUTE),
      spanMs: between(0, 1),
    });
    fc.assert(
      fc.property(
        sampling,
        leak,
        between(0, 0.066),
        between(1, 30),
        ({ now, stepMs, seed }, { perMinute, forMs, spanMs }, share, minutesLeft) => {
          const noise = noiseOf(seed);
          const total = (t: number) => leaking(perMinute, forMs)(t) + perMinute * share * (1 + noise(t));
          // The bot may have been started after the leak began, but 90 s ago at least.
          const seenMs = 90 * SECOND + stepMs + spanMs * (10 * MINUTE - 95 * SECOND);
          const usable = total(0) + 1 + perMinute * minutesLeft;
          const found = forecastExhaustion(sampled(total, { now, spanMs: seenMs, stepMs }), usable, now);
          expect(found.kind).toBe('exhausts');
          if (found.kind !== 'exhausts') return;
          expect(Math.abs(found.perMinute / perMinute - 1)).toBeLessThan(0.35);
          const dueMs = (usable - total(0)) / (perMinute / MINUTE);
          expect(Math.abs(found.inMs - dueMs)).toBeLessThan(0.6 * dueMs + 30 * SECOND);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('of 1 to 4 a minute is forecast from 5 minutes and 10 s on, within 35 %', () => {
    fc.assert(
      fc.property(sampling, between(1, 4), between(310 * SECOND, 10 * MINUTE), ({ now, stepMs }, perMinute, forMs) => {
        const points = sampled(leaking(perMinute, forMs), { now, spanMs: 10 * MINUTE, stepMs });
        const found = forecastExhaustion(points, 40 + perMinute * 40, now);
        expect(found.kind).toBe('exhausts');
        if (found.kind === 'exhausts') expect(Math.abs(found.perMinute / perMinute - 1)).toBeLessThan(0.35);
      }),
    );
  });

  test.each([2, 6, 30, 600])('of %d a minute is forgotten 2 minutes after it stopped', (perMinute) => {
    const stopped = (t: number) => 40 + (perMinute * Math.min(6 * MINUTE, Math.max(0, t + 8 * MINUTE))) / MINUTE;
    expect(forecast(stopped, 40 + 12 * perMinute)).toEqual({ kind: 'steady' });
    const going = (t: number) => stopped(t - 2 * MINUTE);
    expect(forecast(going, 40 + 12 * perMinute)).toMatchObject({ kind: 'exhausts' });
  });

  test('is forecast again soon after its sessions were terminated', () => {
    const cut = (t: number) => (t < -2 * MINUTE ? 90 + (6 * t) / MINUTE : 40 + (6 * (t + 2 * MINUTE)) / MINUTE);
    expect(forecast(cut)).toMatchObject({ kind: 'exhausts', perMinute: expect.closeTo(6, 0) });
  });

  test('is not forecast beyond two hours', () => {
    expect(forecast(leaking(6, 6 * MINUTE), 1_000)).toEqual({ kind: 'steady' });
  });
});

describe('the forecast', () => {
  test('is the same wherever the time and the counts begin, and at every scale', () => {
    const shift = fc.record({
      laterMs: fc.integer({ min: 0, max: 1e12 }),
      more: fc.nat(1_000),
      times: fc.constantFrom(2, 4, 8),
    });
    fc.assert(
      fc.property(between(4, 60), fc.nat(), shift, (perMinute, seed, { laterMs, more, times }) => {
        const noise = noiseOf(seed);
        const points = sampled((t) => leaking(perMinute, 5 * MINUTE)(t) + noise(t) / 3, calm);
        const usable = 40 + perMinute * 15;
        const found = forecastExhaustion(points, usable, NOW);
        const later = points.map(({ at, total }) => ({ at: at + laterMs, total: total + more }));
        const larger = points.map(({ at, total }) => ({ at, total: total * times }));
        const close = (of: Forecast, by = 1) =>
          of.kind === 'exhausts' && [of.inMs, expect.closeTo(of.perMinute * by, 6)];
        const seen = (of: Forecast) => of.kind === 'exhausts' && [of.inMs, of.perMinute];
        expect(found.kind).toBe('exhausts');
        expect(seen(forecastExhaustion(later, usable + more, NOW + laterMs))).toEqual(close(found));
        expect(seen(forecastExhaustion(larger, usable * times, NOW))).toEqual(close(found, times));
      }),
    );
  });

  test('looks at the order of no input, and passes over what is broken or to come', () => {
    const points = sampled(leaking(6, 5 * MINUTE), calm);
    const broken = [
      { at: Number.NaN, total: 1 },
      { at: NOW - 1, total: Number.NaN },
      { at: NOW + 1, total: 9_999 },
    ];
    expect(forecastExhaustion([...broken, ...points.toReversed()], 97, NOW)).toEqual(
      forecastExhaustion(points, 97, NOW),
    );
  });

  test('never throws, and never promises a time that is none', () => {
    const any = fc.oneof(fc.integer({ min: -700_000, max: 1_000 }), fc.double());
    const points = fc.array(fc.record({ at: any, total: fc.oneof(fc.integer({ min: -5, max: 200 }), fc.double()) }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(points, fc.option(fc.oneof(fc.nat(100), fc.double()), { nil: null }), (totals, usable) => {
        const found = forecastExhaustion(totals, usable, 0);
        if (found.kind === 'exhausts') expect(found.inMs).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('is 0 when the last one is taken, and more while it is not', () => {
    expect(forecast(leaking(6, 5 * MINUTE), 70)).toMatchObject({
      kind: 'exhausts',
      inMs: 0,
      perMinute: expect.closeTo(6, 0),
    });
    expect(forecast(() => 97)).toEqual({ kind: 'exhausts', inMs: 0, perMinute: 0 });
    const nearly = sampled(leaking(6, 5 * MINUTE), calm).map(({ at, total }) => ({
      at,
      total: Math.min(total, 69),
    }));
    expect(forecastExhaustion(nearly, 69.2, NOW)).toMatchObject({ kind: 'exhausts', inMs: expect.closeTo(1_000, -4) });
  });

  test.each([
    ['the limits are', sampled(leaking(6, 5 * MINUTE), calm), null, /limits/],
    ['nothing was counted', [], 97, /nothing was counted/],
    ['the last sample is old', sampled(leaking(6, 5 * MINUTE), { ...calm, now: NOW - 15 * SECOND }), 97, /last 15 s/],
    [
      'the bot has only begun',
      sampled(leaking(6, 5 * MINUTE), { ...calm, spanMs: 55 * SECOND }),
      97,
      /too little.*90 s/,
    ],
  ])('is unknown when %s', (_, points, usable, reason) => {
    expect(forecastExhaustion(points, usable, NOW)).toEqual({ kind: 'unknown', reason: expect.stringMatching(reason) });
  });

  test('is unknown after a gap, and takes a jump across it for a step', () => {
    const jumped = (t: number) => (t < -3 * MINUTE ? 40 : 70);
    const points = (sinceMs: number) =>
      sampled(jumped, calm).filter(({ at }) => at < NOW - 3 * MINUTE || at > NOW - sinceMs);
    expect(forecastExhaustion(points(30 * SECOND), 97, NOW).kind).toBe('unknown');
    expect(forecastExhaustion(points(2 * MINUTE), 97, NOW)).toEqual({ kind: 'steady' });
  });

  test('goes on over a lost sample here and there', () => {
    const points = sampled(leaking(6, 5 * MINUTE), calm).filter((_, index) => index % 7 !== 3 && index % 11 !== 5);
    expect(forecastExhaustion(points, 97, NOW)).toMatchObject({ kind: 'exhausts', perMinute: expect.closeTo(6, 0) });
  });
});
