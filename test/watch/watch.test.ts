import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DatabaseSource } from '../../src/model/database-source.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import { inferAdmission } from '../../src/watch/infer-admission.ts';
import { decideSamplingInterval } from '../../src/watch/sampling-interval.ts';
import { watchDatabase } from '../../src/watch/watch-database.ts';
import { admission, group, NOW, serverFacts } from '../support/builders.ts';
import { createManualClock, settle } from '../support/manual-clock.ts';

const sampling = { calmMs: 5_000, fastMs: 250 };

describe('the sampling interval', () => {
  it.each([
    [0, 5_000],
    [0.5, 5_000],
    [0.75, 250],
    [1.2, 250],
    [null, 1_000],
  ])('at closeness %s is %i ms', (closeness, expected) => {
    expect(decideSamplingInterval(closeness, sampling)).toBe(expected);
  });

  it('never grows with closeness and stays between fast and calm', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2, noNaN: true }), fc.double({ min: 0, max: 2, noNaN: true }), (a, b) => {
        const [near, far] = [Math.max(a, b), Math.min(a, b)].map((each) => decideSamplingInterval(each, sampling));
        expect(near).toBeLessThanOrEqual(far ?? Number.NaN);
        expect(near).toBeGreaterThanOrEqual(250);
        expect(far).toBeLessThanOrEqual(5_000);
      }),
    );
  });
});

describe('admission without a canary role', () => {
  it.each([
    [96, { ok: false }],
    [97, { ok: true, value: { verdict: 'only-reserved-left', inferred: true } }],
    [100, { ok: true, value: { verdict: 'completely-full', inferred: true } }],
  ])('with %i of 97 usable is inferred from the counts', (count, expected) => {
    expect(inferAdmission(seen([group({ count })], NOW), seen(serverFacts(), NOW))).toMatchObject(expected);
  });

  it('is unknown when the sessions are', () => {
    expect(inferAdmission(unseen('no answer', NOW), seen(serverFacts(), NOW)).ok).toBe(false);
  });
});

function createFakeSource(count: () => number) {
  const calls = { reads: 0, probes: 0 };
  const listeners = new Set<() => void>();
  const source: DatabaseSource = {
    server: () => seen(serverFacts(), NOW),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async readSessions() {
      calls.reads += 1;
      return seen([group({ count: count() })], NOW);
    },
    async probeAdmission() {
      calls.probes += 1;
      return seen(admission(), NOW);
    },
    close: async () => {},
  };
  const change = () => {
    for (const listener of listeners) listener();
  };
  return { source, calls, change, listeners };
}

describe('the watch of a database', () => {
  it('samples at the interval its listener asks for', async () => {
    const clock = createManualClock();
    const { source, calls } = createFakeSource(() => 10);
    const watch = watchDatabase({ database: 'main', source, canary: false, clock, onSnapshot: () => 5_000 });
    await clock.advance(14_999);
    expect(calls.reads).toBe(3);
    await watch.stop();
  });

  it('samples at once when the connection is gained or lost', async () => {
    const clock = createManualClock();
    const { source, calls, change } = createFakeSource(() => 10);
    const watch = watchDatabase({ database: 'main', source, canary: false, clock, onSnapshot: () => 5_000 });
    await clock.advance(1_000);
    change();
    await settle();
    expect(calls.reads).toBe(2);
    await watch.stop();
  });

  it('forgets its source when it is stopped', async () => {
    const { source, listeners } = createFakeSource(() => 10);
    const clock = createManualClock();
    const watch = watchDatabase({ database: 'main', source, canary: false, clock, onSnapshot: () => 5_000 });
    expect(listeners.size).toBe(1);
    await watch.stop();
    expect(listeners.size).toBe(0);
  });

  it('shares one sample between all who ask at once', async () => {
    const clock = createManualClock();
    const { source, calls } = createFakeSource(() => 10);
    const watch = watchDatabase({ database: 'main', source, canary: false, clock, onSnapshot: () => 5_000 });
    await settle();
    await Promise.all([watch.sample(), watch.sample(), watch.sample()]);
    expect(calls.reads).toBe(2);
    await watch.stop();
  });

  it('probes at once when the last usable slot is taken, and again when one is free', async () => {
    const clock = createManualClock();
    let count = 90;
    const { source, calls } = createFakeSource(() => count);
    const watch = watchDatabase({ database: 'main', source, canary: true, clock, onSnapshot: () => 250 });
    await clock.advance(1_000);
    expect(calls.probes).toBe(1);
    count = 97;
    await clock.advance(250);
    expect(calls.probes).toBe(2);
    count = 60;
    await clock.advance(250);
    expect(calls.probes).toBe(3);
    await watch.stop();
  });

  it('takes no sample after it was stopped', async () => {
    const clock = createManualClock();
    const { source, calls } = createFakeSource(() => 10);
    const watch = watchDatabase({ database: 'main', source, canary: true, clock, onSnapshot: () => 100 });
    await settle();
    await watch.stop();
    const before = { ...calls };
    await clock.advance(60_000);
    expect(calls).toEqual(before);
  });
});
