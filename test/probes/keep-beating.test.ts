import { describe, expect, it } from 'vitest';
import { keepBeating, type Wellness } from '../../src/probes/keep-beating.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

function setUp(answers: readonly (number | Error)[] = []) {
  const clock = createManualClock();
  const log = createRecordedLog();
  const left = [...answers];
  let [calls, wellness] = [0, { ok: true } as Wellness];
  const heart = keepBeating({
    url: 'https://hc.example.org/ping/secret-token',
    everyMs: 60_000,
    isWell: () => wellness,
    clock,
    log,
    request: async () => {
      calls += 1;
      const next = left.shift() ?? 200;
      if (next instanceof Error) throw next;
      return new Response(null, { status: next });
    },
  });
  return { clock, log, heart, calls: () => calls, feel: (next: Wellness) => (wellness = next) };
}

describe('the outward heartbeat', () => {
  it('beats at once and then on its clock', async () => {
    const { clock, heart, calls } = setUp();
    await clock.advance(120_000);
    expect(calls()).toBe(3);
    await heart.stop();
  });

  it('is held back while something is not well: that is how somebody else notices', async () => {
    const { clock, heart, calls, feel, log } = setUp();
    await clock.advance(0);
    feel({ ok: false, reasons: ['nothing is delivered'] });
    await clock.advance(120_000);
    expect(calls()).toBe(1);
    expect(log.lines.at(-1)).toMatchObject({ level: 'warn', fields: { outcome: 'held back: nothing is delivered' } });
    feel({ ok: true });
    await clock.advance(60_000);
    expect(calls()).toBe(2);
    await heart.stop();
  });

  it('says once that it does not arrive and once that it does, and never the whole address', async () => {
    const failure = Object.assign(new TypeError('fetch failed for https://hc.example.org/ping/secret-token'), {
      cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
    });
    const { clock, heart, log } = setUp([failure, failure, 500, 500, 200, 200]);
    await clock.advance(300_000);
    expect(log.lines.map(({ message, fields }) => [message, fields])).toEqual([
      ['the heartbeat does not arrive', { host: 'hc.example.org', outcome: 'not taken: ECONNREFUSED' }],
      ['the heartbeat does not arrive', { host: 'hc.example.org', outcome: 'refused with 500' }],
      ['the heartbeat is taken', { host: 'hc.example.org' }],
    ]);
    expect(log.text()).not.toContain('secret-token');
    await heart.stop();
  });
});
