import { expect, it } from 'vitest';
import { admission, group } from '../support/builders.ts';
import { settle } from '../support/manual-clock.ts';
import { watchFake } from '../support/watched.ts';

const counts = (count: number) => ({ sessions: [group({ count })] });

it('probes at once when the last usable slot is taken, and again when one is free', async () => {
  const { clock, calls, now, watch } = watchFake({ canary: true, intervalMs: 250, server: counts(90) });
  await clock.advance(1_000);
  expect(calls.probes).toBe(1);
  Object.assign(now, counts(97), { admission: admission({ verdict: 'only-reserved-left' }) });
  await clock.advance(250);
  expect(calls.probes).toBe(2);
  await clock.advance(29_000);
  expect(calls.probes).toBe(2);
  Object.assign(now, counts(60), { admission: admission() });
  await clock.advance(250);
  expect(calls.probes).toBe(3);
  await watch.stop();
});

it('does not call the canary anew for the session that the canary itself was', async () => {
  let samples = 0;
  // At the edge: with the canary's session in every other sample it is full, without it it is not.
  const { clock, calls, watch } = watchFake({
    canary: true,
    intervalMs: 250,
    wrap: ({ source, now }) => ({
      readSessions: () => {
        Object.assign(now, counts(96 + ((samples += 1) % 2)));
        return source.readSessions();
      },
    }),
  });
  await clock.advance(9_000);
  expect(calls.probes).toBeLessThanOrEqual(9);
  await watch.stop();
});

it.each(['admitted', 'only-reserved-left', 'completely-full', 'half-authenticated'] as const)(
  'does not knock at each turn where connections swing around the limit, after %s',
  async (verdict) => {
    let samples = 0;
    const { clock, calls, watch } = watchFake({
      canary: true,
      intervalMs: 250,
      server: { admission: admission({ verdict }) },
      wrap: ({ source, now }) => ({
        readSessions: () => {
          samples += 1;
          Object.assign(now, counts(samples % 2 === 0 ? 97 : 93));
          return source.readSessions();
        },
      }),
    });
    await clock.advance(60_000);
    // 7 on its own clock at the fastest, and no more of these than one in ten seconds.
    expect(calls.probes).toBeLessThanOrEqual(13);
    await watch.stop();
  },
);

it('shows what the canary found without waiting for a sample', async () => {
  const { watch } = watchFake({
    canary: true,
    intervalMs: 60_000,
    server: { admission: admission({ verdict: 'starting' }) },
  });
  await watch.probe();
  expect(watch.latest().admission).toMatchObject({ ok: true, value: { verdict: 'starting' } });
  await watch.stop();
});

it('counts the good probes in a row, and forgets them at a bad one', async () => {
  const { now, watch } = watchFake({ canary: true, intervalMs: 60_000 });
  const passes: number[] = [];
  for (const verdict of ['admitted', 'admitted', 'stopped', 'admitted', 'admitted'] as const) {
    await settle();
    now.admission = admission({ verdict });
    await watch.probe();
    passes.push(watch.latest().passesInARow);
  }
  // One came before the first that was asked for.
  expect(passes).toEqual([2, 3, 0, 1, 2]);
  await watch.stop();
});

it('confirms the first good probe after bad ones within a second, and no other', async () => {
  const { clock, calls, now, watch } = watchFake({
    canary: true,
    server: { admission: admission({ verdict: 'starting' }) },
  });
  await clock.advance(2_000);
  expect(calls.probes).toBe(2);
  now.admission = admission();
  await clock.advance(2_000);
  expect([calls.probes, watch.latest().passesInARow]).toEqual([3, 1]);
  await clock.advance(1_000);
  expect([calls.probes, watch.latest().passesInARow]).toEqual([4, 2]);
  await clock.advance(9_999);
  expect(calls.probes).toBe(4);
  await watch.stop();
});

it('takes its usual time after the very first probe', async () => {
  const { clock, calls, watch } = watchFake({ canary: true });
  await clock.advance(9_999);
  expect(calls.probes).toBe(1);
  await watch.stop();
});

it('stays out of a rise to the limit, and knocks when it is over', async () => {
  const { clock, calls, now, watch } = watchFake({ canary: true, intervalMs: 250, server: counts(50) });
  await clock.advance(5_000);
  for (let count = 52; count <= 92; count += 2) {
    Object.assign(now, counts(count));
    await clock.advance(250);
  }
  expect(calls.probes).toBe(1);
  // The rise stands in the last ten seconds until then.
  await clock.advance(8_000);
  expect(calls.probes).toBe(1);
  await clock.advance(3_000);
  expect(calls.probes).toBe(2);
  await watch.stop();
});

it('knocks at once when the held session is lost, since it may be alone in that, but not at each failed attempt', async () => {
  const { clock, calls, change, watch } = watchFake({ canary: true });
  await clock.advance(100);
  change({ sessions: null });
  await settle();
  expect(calls.probes).toBe(2);
  await clock.advance(2_000);
  change({ lossVerdict: 'frozen' });
  await settle();
  expect(calls.probes).toBe(2);
  await watch.stop();
});
