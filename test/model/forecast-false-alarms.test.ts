import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forecastExhaustion } from '../../src/model/forecast-exhaustion.ts';
import { between, noiseOf, sampled, sampling } from '../support/total-series.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Each with ten minutes of samples. That none is under 20 minutes is asked for; that there is none at all is given. */
describe('no forecast comes from', () => {
  const level = 60;
  const never = (totalAt: (t: number) => number, room: number, { now, stepMs }: { now: number; stepMs: number }) => {
    const points = sampled(totalAt, { now, spanMs: 10 * MINUTE, stepMs });
    const usable = Math.max(...points.map(({ total }) => total)) + room;
    expect(forecastExhaustion(points, usable, now)).toEqual({ kind: 'steady' });
  };
  const room = fc.integer({ min: 1, max: 300 });
  const ago = between(0, 10 * MINUTE);

  test('noise of any width', () => {
    fc.assert(
      fc.property(sampling, room, between(0, level), (how, free, width) => {
        const noise = noiseOf(how.seed);
        never((t) => level + width * noise(t), free, how);
      }),
    );
  });

  test('a spike of any height and length: up and back down, as in a deployment with surge', () => {
    fc.assert(
      fc.property(
        sampling,
        room,
        between(1, 1e6),
        ago,
        between(0, 5 * MINUTE),
        (how, free, height, beganAgo, forMs) => {
          const noise = noiseOf(how.seed);
          const isUp = (t: number) => t >= -beganAgo && t < -beganAgo + forMs;
          never((t) => level + (isUp(t) ? height : 0) + noise(t), free, how);
        },
      ),
    );
  });

  test('a step up or down that takes 30 s at most', () => {
    fc.assert(
      fc.property(
        sampling,
        room,
        between(-level, 200),
        ago,
        between(1, 30 * SECOND),
        (how, free, height, beganAgo, forMs) => {
          const noise = noiseOf(how.seed);
          const done = (t: number) => Math.max(0, Math.min(1, (t + beganAgo) / forMs));
          never((t) => level + height * done(t) + noise(t), free, how);
        },
      ),
    );
  });

  test('a rolling update, pod by pod', () => {
    const pods = fc.record({
      count: fc.integer({ min: 1, max: 6 }),
      eachMs: between(10 * SECOND, MINUTE),
      overlap: between(0.2, 0.9),
    });
    fc.assert(
      fc.property(
        sampling,
        room,
        between(1, 20),
        ago,
        pods,
        (how, free, perPod, beganAgo, { count, eachMs, overlap }) => {
          const turn = (t: number) => (t + beganAgo) / eachMs;
          const isDouble = (t: number) => turn(t) >= 0 && turn(t) < count && turn(t) % 1 < overlap;
          never((t) => level + (isDouble(t) ? perPod : 0), free, how);
        },
      ),
    );
  });

  test('a sawtooth with a period of 15 s to 2½ min, however steep', () => {
    fc.assert(
      fc.property(
        sampling,
        room,
        between(3, 200),
        between(15, 150),
        between(0.5, 0.99),
        between(0, 1),
        (how, free, height, seconds, up, phase) => {
          const place = (t: number) => (t / (seconds * SECOND) + phase + 100) % 1;
          never((t) => level + height * (place(t) < up ? place(t) / up : (1 - place(t)) / (1 - up)), free, how);
        },
      ),
    );
  });

  test('a falling line with noise', () => {
    fc.assert(
      fc.property(sampling, room, between(0.2, 60), between(0, 10), (how, free, perMinute, width) => {
        const noise = noiseOf(how.seed);
        never((t) => 20 - (perMinute * t) / MINUTE + width * noise(t), free, how);
      }),
    );
  });

  test('a slow sawtooth is a known limit: while it rises it is a leak like any other', () => {
    const cron = (t: number) => 40 + (((t + 16 * MINUTE) % (8 * MINUTE)) / MINUTE) * 6;
    const points = sampled((t) => cron(t - MINUTE), { now: 0, spanMs: 10 * MINUTE, stepMs: 5 * SECOND });
    expect(forecastExhaustion(points, 97, 0).kind).toBe('exhausts');
  });
});
