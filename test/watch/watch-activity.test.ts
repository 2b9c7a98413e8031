import { expect, it } from 'vitest';
import type { ActiveSession } from '../../src/model/activity.ts';
import { settle } from '../support/manual-clock.ts';
import { watchFake } from '../support/watched.ts';

const SESSION: ActiveSession = {
  pid: 7,
  backendStart: '2020-12-11 13:24:00.000001+00',
  user: 'site',
  database: 'site',
  applicationName: '',
  address: null,
  state: 'idle',
  stateMs: 1,
  transactionMs: null,
  waitEventType: 'Client',
  own: false,
};
const server = { activity: [SESSION] };

it('reads no session by itself while nobody asks', async () => {
  const { clock, calls, watch } = watchFake({ canary: true, intervalMs: 250 });
  await clock.advance(60_000);
  expect(calls.activity).toBe(0);
  expect(watch.activity()).toMatchObject({ ok: false, reason: 'not read yet' });
  await watch.stop();
});

it('reads them at once when a snapshot makes them wanted, and tells of it', async () => {
  const { clock, calls, snapshots, watch } = watchFake({
    server,
    intervalMs: 60_000,
    answer: ({ sessions }) => ({ intervalMs: 60_000, wantsActivity: sessions.ok }),
  });
  const before = snapshots.length;
  await clock.advance(0);
  expect(calls.activity).toBe(1);
  expect(watch.activity()).toMatchObject({ ok: true, value: [{ pid: 7 }] });
  // The sample, the signals, and the one after the read.
  expect(snapshots).toHaveLength(before + 3);
  await watch.stop();
});

it('reads them at most every 10 s, however often they are wanted', async () => {
  const { clock, calls, watch } = watchFake({ server, answer: () => ({ intervalMs: 250, wantsActivity: true }) });
  await clock.advance(9_900);
  expect(calls.activity).toBe(1);
  await clock.advance(400);
  expect(calls.activity).toBe(2);
  await watch.stop();
});

it('tells once of a slow read that was wanted many times meanwhile', async () => {
  const { clock, calls, snapshots, watch } = watchFake({
    answer: () => ({ intervalMs: 250, wantsActivity: true }),
    wrap: ({ source }, slow) => ({
      readActivity: async () => {
        await slow.sleep(2_100);
        return source.readActivity();
      },
    }),
  });
  await clock.advance(2_050);
  const before = snapshots.length;
  await clock.advance(100);
  expect([calls.activity, snapshots.length - before]).toEqual([1, 1]);
  await watch.stop();
});

it('shares one read between all who ask at once', async () => {
  const { calls, watch } = watchFake({ server });
  await settle();
  const [first, second] = await Promise.all([watch.readActivity(), watch.readActivity()]);
  expect(calls.activity).toBe(1);
  expect(first).toBe(second);
  await watch.readActivity();
  expect(calls.activity).toBe(2);
  await watch.stop();
});

it('shows why the last read failed rather than an older one', async () => {
  const { now, watch } = watchFake({ server });
  await watch.readActivity();
  now.sessions = null;
  await watch.readActivity();
  expect(watch.activity()).toMatchObject({ ok: false, reason: 'no session is held' });
  await watch.stop();
});

it('goes on reading after a clock was set back', async () => {
  let setBackMs = 0;
  const { clock, calls, watch } = watchFake({
    answer: () => ({ intervalMs: 1_000, wantsActivity: true }),
    wrap: (_, slow) => {
      const trueNow = slow.now.bind(slow);
      Object.assign(slow, { now: () => trueNow() - setBackMs });
      return {};
    },
  });
  await clock.advance(1_000);
  expect(calls.activity).toBe(1);
  setBackMs = 3_600_000;
  await clock.advance(2_000);
  expect(calls.activity).toBe(2);
  await watch.stop();
});
