import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DatabaseSource } from '../../src/model/database-source.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import { inferAdmission } from '../../src/watch/infer-admission.ts';
import { decideSamplingInterval } from '../../src/watch/sampling-interval.ts';
import { watchDatabase } from '../../src/watch/watch-database.ts';
import { admission, group, NOW, serverFacts } from '../support/builders.ts';
import { createManualClock, settle } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

const log = createRecordedLog();
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

  it('asks no blind source less often than a calm one', () => {
    expect(decideSamplingInterval(null, { calmMs: 500, fastMs: 100 })).toBe(500);
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
    const watch = watchDatabase({ database: 'main', source, canary: false, clock, log, onSnapshot: () => 5_000 });
    await clock.advance(14_999);
    expect(calls.reads).toBe(3);
    await watch.stop();
  });

  it('samples at once when the connection is gained or lost', async () => {
    const clock = createManualClock();
    const { source, calls, change } = createFakeSource(() => 10);
    const watch = watchDatabase({ database: 'main', source, canary: false, clock, log, onSnapshot: () => 5_000 });
    await clock.advance(1_000);
    change();
    await settle();
    expect(calls.reads).toBe(2);
    await watch.stop();
  });

  it('forgets its source when it is stopped', async () => {
    const { source, listeners } = createFakeSource(() => 10);
    const clock = createManualClock();
    const watch = watchDatabase({ database: 'main', source, canary: false, clock, log, onSnapshot: () => 5_000 });
    expect(listeners.size).toBe(1);
    await watch.stop();
    expect(listeners.size).toBe(0);
  });

  it('shares one sample between all who ask at once', async () => {
    const clock = createManualClock();
    const { source, calls } = createFakeSource(() => 10);
    const watch = watchDatabase({ database: 'main', source, canary: false, clock, log, onSnapshot: () => 5_000 });
    await settle();
    await Promise.all([watch.sample(), watch.sample(), watch.sample()]);
    expect(calls.reads).toBe(2);
    await watch.stop();
  });

  it('probes at once when the last usable slot is taken, and again when one is free', async () => {
    const clock = createManualClock();
    let count = 90;
    const { source, calls } = createFakeSource(() => count);
    const watch = watchDatabase({ database: 'main', source, canary: true, clock, log, onSnapshot: () => 250 });
    await clock.advance(1_000);
    expect(calls.probes).toBe(1);
    count = 97;
    await clock.advance(250);
    expect(calls.probes).toBe(2);
    count = 60;
    await clock.advance(1_000);
    expect(calls.probes).toBe(3);
    await watch.stop();
  });

  it('does not call the canary anew for the session that the canary itself was', async () => {
    const clock = createManualClock();
    let samples = 0;
    // At the edge: with the canary's session in every other sample it is full, without it it is not.
    const { source, calls } = createFakeSource(() => 96 + ((samples += 1) % 2));
    const watch = watchDatabase({
      database: 'main',
      source,
      canary: true,
      clock,
      log: createRecordedLog(),
      onSnapshot: () => 250,
    });
    await clock.advance(9_000);
    expect(calls.probes).toBeLessThanOrEqual(9);
    await watch.stop();
  });

  it('takes no sample after it was stopped', async () => {
    const clock = createManualClock();
    const { source, calls } = createFakeSource(() => 10);
    const watch = watchDatabase({ database: 'main', source, canary: true, clock, log, onSnapshot: () => 100 });
    await settle();
    await watch.stop();
    const before = { ...calls };
    await clock.advance(60_000);
    expect(calls).toEqual(before);
  });

  it('goes on, and says so, when a snapshot cannot be judged', async () => {
    const clock = createManualClock();
    const { source, calls } = createFakeSource(() => 10);
    const own = createRecordedLog();
    const onSnapshot = (): number => {
      throw new Error('a defect');
    };
    const watch = watchDatabase({ database: 'main', source, canary: false, clock, log: own, onSnapshot });
    await clock.advance(5_000);
    expect(calls.reads).toBe(2);
    expect(own.lines.map(({ level, message }) => `${level}: ${message}`)).toEqual(
      Array.from({ length: 2 }, () => 'error: a snapshot could not be judged; the alerts of this database stand still'),
    );
    await watch.stop();
  });

  it('counts the time that a sample took towards the interval', async () => {
    const clock = createManualClock();
    const { source, calls } = createFakeSource(() => 10);
    const slow: DatabaseSource = {
      ...source,
      async readSessions() {
        await clock.sleep(400);
        return source.readSessions();
      },
    };
    const watch = watchDatabase({ database: 'main', source: slow, canary: false, clock, log, onSnapshot: () => 1_000 });
    await clock.advance(3_400);
    expect(calls.reads).toBe(4);
    const stopping = watch.stop();
    await clock.advance(1_000);
    await stopping;
  });

  it('is not stopped for an hour by a clock that was set back an hour', async () => {
    const clock = createManualClock();
    let setBackMs = 0;
    const moved = { ...clock, now: () => clock.now() - setBackMs };
    const { source, calls } = createFakeSource(() => 10);
    const disturbed: DatabaseSource = {
      ...source,
      async readSessions() {
        const read = await source.readSessions();
        setBackMs += 3_600_000;
        return read;
      },
    };
    const watch = watchDatabase({
      database: 'main',
      source: disturbed,
      canary: false,
      clock: moved,
      log,
      onSnapshot: () => 1_000,
    });
    await clock.advance(3_000);
    expect(calls.reads).toBe(4);
    await watch.stop();
  });

  it('shows what the canary found without waiting for a sample', async () => {
    const clock = createManualClock();
    const { source } = createFakeSource(() => 10);
    const refused: DatabaseSource = {
      ...source,
      probeAdmission: async () => seen(admission({ verdict: 'starting' }), NOW),
    };
    const watch = watchDatabase({
      database: 'main',
      source: refused,
      canary: true,
      clock,
      log,
      onSnapshot: () => 60_000,
    });
    await watch.probe();
    expect(watch.latest().admission).toMatchObject({ ok: true, value: { verdict: 'starting' } });
    await watch.stop();
  });
});
