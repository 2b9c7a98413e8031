import { expect, it } from 'vitest';
import { seen } from '../../src/model/observed.ts';
import { group, NOW } from '../support/builders.ts';
import { settle } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { watchFake } from '../support/watched.ts';

it('samples at the interval its listener asks for', async () => {
  const { clock, calls, watch } = watchFake({ intervalMs: 5_000 });
  await clock.advance(14_999);
  expect(calls.samples).toBe(3);
  await watch.stop();
});

it('samples sooner when what another clock found asks for it', async () => {
  const intervalMs = (waiting: boolean) => (waiting ? 250 : 60_000);
  const { clock, calls, watch } = watchFake({
    answer: ({ signals }) => ({
      intervalMs: intervalMs(signals.ok && signals.value.slots.length > 0),
      wantsActivity: false,
    }),
    wrap: (fake) => ({
      readSignals: async () => {
        await fake.source.readSignals();
        const slots = fake.calls.signals > 1 ? [{ name: 'copy', active: false, retainedBytes: 1 }] : [];
        return seen({ ...fake.now.signals, slots }, NOW);
      },
    }),
  });
  await clock.advance(14_999);
  expect(calls.samples).toBe(1);
  await clock.advance(250);
  expect(calls.samples).toBeGreaterThan(1);
  await watch.stop();
});

it('samples at once when the connection is gained or lost', async () => {
  const { clock, calls, change, watch } = watchFake();
  await clock.advance(1_000);
  change();
  await settle();
  expect(calls.samples).toBe(2);
  await watch.stop();
});

it('tells how long it took to count, and nothing while it cannot', async () => {
  const { clock, now, watch } = watchFake({
    wrap: ({ source }, clock) => ({
      async readSessions() {
        await clock.sleep(40);
        return source.readSessions();
      },
    }),
  });
  expect(watch.sampleMs()).toBeNull();
  await clock.advance(40);
  expect(watch.sampleMs()).toBe(40);
  now.sessions = null;
  await clock.advance(5_000);
  expect(watch.sampleMs()).toBeNull();
  await watch.stop();
});

it('forgets its source when it is stopped', async () => {
  const { listeners, watch } = watchFake();
  expect(listeners.size).toBe(1);
  await watch.stop();
  expect(listeners.size).toBe(0);
});

it('shares one sample between all who ask at once', async () => {
  const { calls, watch } = watchFake();
  await settle();
  await Promise.all([watch.sample(), watch.sample(), watch.sample()]);
  expect(calls.samples).toBe(2);
  await watch.stop();
});

it('asks for nothing, and tells of nothing, after it was stopped', async () => {
  const { clock, calls, snapshots, watch } = watchFake({ canary: true, intervalMs: 100 });
  await settle();
  await watch.stop();
  const before = { ...calls, snapshots: snapshots.length };
  await clock.advance(60_000);
  expect({ ...calls, snapshots: snapshots.length }).toEqual(before);
});

it('tells of no sample that was still under way when it was stopped', async () => {
  const { clock, snapshots, watch } = watchFake({
    wrap: ({ source }, slow) => ({
      readSessions: async () => {
        await slow.sleep(400);
        return source.readSessions();
      },
    }),
  });
  await settle();
  const before = snapshots.length;
  const stopping = watch.stop();
  await clock.advance(400);
  await stopping;
  expect(snapshots).toHaveLength(before);
});

it('goes on, and says so, when a snapshot cannot be judged', async () => {
  const log = createRecordedLog();
  const answer = () => {
    throw new Error('a defect');
  };
  const { clock, calls, watch } = watchFake({ log, answer });
  await clock.advance(5_000);
  expect(calls.samples).toBe(2);
  // Two samples and one reading of the signals.
  expect(log.lines.map(({ level, message }) => `${level}: ${message}`)).toEqual(
    Array.from({ length: 3 }, () => 'error: a snapshot could not be judged; the alerts of this database stand still'),
  );
  await watch.stop();
});

it('counts the time that a sample took towards the interval', async () => {
  const { clock, calls, watch } = watchFake({
    intervalMs: 1_000,
    wrap: ({ source }, slow) => ({
      readSessions: async () => {
        await slow.sleep(400);
        return source.readSessions();
      },
    }),
  });
  await clock.advance(3_400);
  expect(calls.samples).toBe(4);
  const stopping = watch.stop();
  await clock.advance(1_000);
  await stopping;
});

it('is not stopped for an hour by a clock that was set back an hour while it sampled', async () => {
  let setBackMs = 0;
  const { clock, calls, watch } = watchFake({
    intervalMs: 1_000,
    wrap: ({ source }, disturbed) => {
      const trueNow = disturbed.now.bind(disturbed);
      Object.assign(disturbed, { now: () => trueNow() - setBackMs });
      return {
        readSessions: () => {
          setBackMs += 3_600_000;
          return source.readSessions();
        },
      };
    },
  });
  await clock.advance(3_000);
  expect(calls.samples).toBe(4);
  await watch.stop();
});

it('infers without a canary what refuses everybody, and follows the newest attempt', async () => {
  const { clock, change, watch } = watchFake();
  await settle();
  change({ sessions: null, lossVerdict: 'stopped' });
  await settle();
  expect(watch.latest().admission).toMatchObject({ ok: true, value: { verdict: 'stopped', inferred: true } });
  change({ lossVerdict: 'auth-refused' });
  await settle();
  expect(watch.latest().admission).toMatchObject({ ok: false, reason: 'no session is held' });
  change({ sessions: [group({ count: 97 })] });
  await clock.advance(0);
  expect(watch.latest().admission).toMatchObject({ ok: true, value: { verdict: 'only-reserved-left' } });
  expect(watch.latest().passesInARow).toBe(0);
  await watch.stop();
});

it('lets the canary decide where there is one', async () => {
  const { change, watch } = watchFake({ canary: true, server: { sessions: [group({ count: 97 })] } });
  await settle();
  change({ sessions: null, lossVerdict: 'frozen' });
  await settle();
  expect(watch.latest().admission).toMatchObject({ ok: true, value: { verdict: 'admitted', inferred: false } });
  await watch.stop();
});
