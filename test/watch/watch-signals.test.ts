import { expect, it } from 'vitest';
import { group, signals } from '../support/builders.ts';
import { settle } from '../support/manual-clock.ts';
import { watchFake } from '../support/watched.ts';

const WAIT = { pid: 7, user: 'site', database: 'site', applicationName: '', address: null, waitedMs: 10 };

it('reads the signals every 15 s, and shows them without waiting for a sample', async () => {
  const { clock, calls, now, watch } = watchFake({ intervalMs: 60_000 });
  await clock.advance(14_999);
  expect(calls.signals).toBe(1);
  now.signals = signals({ xidAges: [{ database: 'main', age: 7 }] });
  await clock.advance(1);
  expect(calls.signals).toBe(2);
  expect(watch.latest().signals).toMatchObject({ ok: true, value: { xidAges: [{ age: 7 }] } });
  await watch.stop();
});

it('reads them at once when the connection comes back, and knows none while it is lost', async () => {
  const { clock, change, watch } = watchFake();
  await clock.advance(1_000);
  change({ sessions: null });
  await settle();
  expect(watch.latest().signals).toMatchObject({ ok: false, reason: 'no session is held' });
  change({ sessions: [group()] });
  await settle();
  expect(watch.latest().signals).toMatchObject({ ok: true });
  await watch.stop();
});

it('reads them every 5 s while a sample shows that somebody waits for a lock', async () => {
  const { clock, calls, now, watch } = watchFake({ intervalMs: 1_000 });
  await clock.advance(6_500);
  expect(calls.signals).toBe(1);
  now.sessions = [group({ lockWaits: 1 })];
  now.signals = signals({ lockWaits: [WAIT] });
  await clock.advance(500);
  expect(calls.signals).toBe(2);
  await clock.advance(10_000);
  expect(calls.signals).toBe(4);
  await watch.stop();
});

it('soon tells that nobody waits any longer', async () => {
  const { clock, now, watch } = watchFake({
    intervalMs: 1_000,
    server: { sessions: [group({ lockWaits: 1 })], signals: signals({ lockWaits: [WAIT] }) },
  });
  await clock.advance(5_000);
  Object.assign(now, { sessions: [group()], signals: signals() });
  await clock.advance(5_000);
  expect(watch.latest().signals).toMatchObject({ ok: true, value: { lockWaits: [] } });
  await watch.stop();
});

it('never reads them twice at once', async () => {
  let atOnce = 0;
  let most = 0;
  const { clock, change, watch } = watchFake({
    wrap: ({ source }, slow) => ({
      readSignals: async () => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await slow.sleep(3_000);
        atOnce -= 1;
        return source.readSignals();
      },
    }),
  });
  await clock.advance(1_000);
  change();
  change();
  await clock.advance(10_000);
  expect(most).toBe(1);
  const stopping = watch.stop();
  await clock.advance(3_000);
  await stopping;
});
