import { describe, expect, it } from 'vitest';
import type { Probe, ProbeVerdict, ServiceState } from '../../src/model/service-state.ts';
import { watchServices } from '../../src/probes/watch-services.ts';
import { createManualClock, settle } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

const probeOf = (verdict: ProbeVerdict): Probe => ({
  verdict,
  status: 200,
  tookMs: 1,
  fact: verdict,
  certificateExpiresAt: null,
});

function setUp(verdicts: readonly (ProbeVerdict | 'defect' | 'hang')[], names: readonly string[] = ['website']) {
  const clock = createManualClock();
  const log = createRecordedLog();
  const left = [...verdicts];
  const asked: { readonly url: string; readonly at: number }[] = [];
  const told: ServiceState[] = [];
  const begunAt = clock.now();
  const watch = watchServices({
    services: names.map((name) => ({
      name,
      url: `http://${name}/`,
      dependsOn: undefined,
      impact: undefined,
      everyMs: 15_000,
      timeoutMs: 10_000,
    })),
    clock,
    log,
    probe: async (url) => {
      asked.push({ url, at: clock.now() - begunAt });
      const next = left.shift() ?? 'good';
      if (next === 'defect') throw new Error('a defect');
      if (next === 'hang') await clock.sleep(60_000);
      return probeOf(next === 'hang' ? 'timeout' : next);
    },
    onState: (state) => told.push(state),
  });
  return { clock, log, watch, asked, told, times: () => asked.map(({ at }) => at) };
}

describe('watching services', () => {
  it('probes at once, confirms after five seconds, then every fifteen', async () => {
    const { clock, times, watch } = setUp([]);
    await clock.advance(40_000);
    expect(times()).toEqual([0, 5_000, 20_000, 35_000]);
    await watch.stop();
  });

  it('probes every five seconds while it is bad, and until two in a row were good', async () => {
    const { clock, times, told, watch } = setUp(['good', 'good', 'timeout', 'good', 'timeout', 'good', 'good', 'good']);
    await clock.advance(60_000);
    expect(times()).toEqual([0, 5_000, 20_000, 25_000, 30_000, 35_000, 40_000, 55_000]);
    expect(told.map(({ goodInARow }) => goodInARow)).toEqual([1, 2, 0, 1, 0, 1, 2, 3]);
    await watch.stop();
  });

  it('has never two probes of one service under way', async () => {
    const { clock, times, watch } = setUp(['hang']);
    await clock.advance(59_000);
    expect(times()).toEqual([0]);
    await watch.stop();
  });

  it('does not ask all services in one instant, and one that hangs holds up no other', async () => {
    const { clock, asked, watch } = setUp(['hang'], ['a', 'b', 'c']);
    await clock.advance(1_000);
    expect(asked).toEqual([
      { url: 'http://a/', at: 0 },
      { url: 'http://b/', at: 200 },
      { url: 'http://c/', at: 400 },
    ]);
    await watch.stop();
  });

  it('takes a defect of ours for unknown, says it in the log, and goes on', async () => {
    const { clock, told, log, watch } = setUp(['defect', 'good']);
    await clock.advance(5_000);
    expect(told).toMatchObject([{ probe: { ok: false }, goodInARow: 0 }, { probe: { ok: true } }]);
    expect(log.lines.map(({ level }) => level)).toEqual(['error']);
    await watch.stop();
  });

  it('says that a service is not probed yet', async () => {
    const { watch } = setUp(['hang']);
    await settle();
    expect(watch.states()).toMatchObject([{ probe: { ok: false, reason: 'not probed yet' } }]);
    await watch.stop();
  });
});
