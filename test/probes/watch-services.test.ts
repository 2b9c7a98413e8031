import { describe, expect, it, onTestFinished } from 'vitest';
import type { Probe, ServiceState } from '../../src/model/service-state.ts';
import type { ProbeOptions } from '../../src/probes/probe-service.ts';
import { watchServices } from '../../src/probes/watch-services.ts';
import { createManualClock, settle } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

const GOOD: Probe = { verdict: 'good', status: 200, tookMs: 3, fact: 'answers 200 OK', certificateExpiresAt: null };
const BAD: Probe = { ...GOOD, verdict: 'server-error', status: 524, fact: 'answers 524' };
type Answer = (url: string, options: ProbeOptions) => Promise<Probe>;

/** A watch of services called a, b, …, and when each of them was asked, in milliseconds since the start. */
function watch({ count = 1, answer = () => Promise.resolve(GOOD), onState = () => {} }: Partial<Settings> = {}) {
  const clock = createManualClock();
  const log = createRecordedLog();
  const startedAt = clock.now();
  const asked = new Map<string, number[]>();
  const states: ServiceState[] = [];
  const services = Array.from({ length: count }, (_, index) => {
    const name = String.fromCharCode(97 + index);
    asked.set(name, []);
    return { name, url: name, dependsOn: undefined, impact: undefined, everyMs: 15_000, timeoutMs: 10_000 };
  });
  const watched = watchServices({
    services,
    clock,
    log,
    probe: (url, options) => {
      asked.get(url)?.push(clock.now() - startedAt);
      return answer(url, options);
    },
    onState: (state) => {
      states.push(state);
      onState(state);
    },
  });
  onTestFinished(() => watched.stop());
  return { clock, log, states, watched, at: (name = 'a') => asked.get(name) };
}

interface Settings {
  readonly count: number;
  readonly answer: Answer;
  readonly onState: (state: ServiceState) => void;
}

describe('the watch of services', () => {
  it('asks at once, soon again until two in a row are good, then at leisure', async () => {
    const { clock, states, at } = watch();
    await clock.advance(35_000);
    expect(at()).toEqual([0, 5_000, 20_000, 35_000]);
    expect(states.map(({ goodInARow }) => goodInARow)).toEqual([1, 2, 3, 4]);
  });

  it('asks often while it is bad, and until it is confirmed to be good again', async () => {
    const answers = [GOOD, GOOD, BAD, BAD, GOOD, GOOD, GOOD];
    const { clock, states, at } = watch({ answer: () => Promise.resolve(answers.shift() ?? BAD) });
    await clock.advance(50_000);
    expect(at()).toEqual([0, 5_000, 20_000, 25_000, 30_000, 35_000, 50_000]);
    expect(states.map(({ goodInARow }) => goodInARow)).toEqual([1, 2, 0, 0, 1, 2, 3]);
  });

  it.each([
    ['counts the interval from one start to the next', 2_000, [0, 5_000, 10_000, 15_000]],
    ['never has two under way', 7_000, [0, 7_000, 14_000]],
  ])('%s', async (_, tookMs, expected) => {
    const slow: Answer = async (_, { clock, signal }) => {
      await clock.sleep(tookMs, signal);
      return BAD;
    };
    const { clock, at } = watch({ answer: slow });
    await clock.advance(15_000);
    expect(at()).toEqual(expected);
  });

  it('waits no longer than the interval when the clock is set back during a probe', async () => {
    const setBack: Answer = (_, { clock }) => {
      const now = clock.now();
      Object.assign(clock, { now: () => now - 3_600_000 });
      return Promise.resolve(GOOD);
    };
    const { clock, states } = watch({ answer: setBack });
    await settle();
    expect(states).toHaveLength(1);
    expect(clock.sleeping()).toEqual([5_000]);
  });

  it('spreads the starts of twenty over two seconds, each on a clock of its own', async () => {
    const { clock, at } = watch({ count: 20 });
    await clock.advance(2_000);
    expect(at('a')).toEqual([0]);
    expect(at('b')).toEqual([100]);
    expect(at('t')).toEqual([1_900]);
    await clock.advance(20_000);
    expect(at('t')).toEqual([1_900, 6_900, 21_900]);
  });

  it('starts all of them within the shortest interval, however many they are', async () => {
    const { clock, watched } = watch({ count: 500 });
    await clock.advance(5_000);
    expect(watched.states().every(({ probe }) => probe.ok)).toBe(true);
  });

  it('gives the states in the order of the configuration, unknown before the first probe', async () => {
    const { clock, watched } = watch({ count: 2, answer: (url) => Promise.resolve(url === 'a' ? GOOD : BAD) });
    await settle();
    expect(watched.states()).toMatchObject([
      { service: { name: 'a' }, probe: { ok: true, value: GOOD }, goodInARow: 1 },
      { service: { name: 'b' }, probe: { ok: false, reason: 'not probed yet' }, goodInARow: 0 },
    ]);
    await clock.advance(100);
    expect(watched.states()[1]).toMatchObject({ probe: { ok: true, value: BAD }, goodInARow: 0 });
  });

  it('lives through a defect in the probing of one service: it is unknown, the others go on', async () => {
    const faulty = new Set<string>();
    const answer: Answer = (url) => (faulty.has(url) ? Promise.reject(new Error('a defect')) : Promise.resolve(GOOD));
    const { clock, log, watched, at } = watch({ count: 2, answer });
    await clock.advance(1_000);
    faulty.add('a');
    await clock.advance(9_000);
    expect(watched.states()).toMatchObject([
      { probe: { ok: false, reason: 'a defect of the bot: see its log' }, goodInARow: 0 },
      { probe: { ok: true }, goodInARow: 2 },
    ]);
    expect(at('a')).toEqual([0, 5_000, 10_000]);
    const line = ['error', expect.objectContaining({ service: 'a' })];
    expect(log.lines.map(({ level, fields }) => [level, fields])).toEqual([line, line]);
  });

  it('lives through a defect of its listener', async () => {
    const { clock, log, at } = watch({
      onState: () => {
        throw new Error('a defect');
      },
    });
    await clock.advance(5_000);
    expect(at()).toEqual([0, 5_000]);
    expect(log.lines).toHaveLength(2);
  });

  it('calls off what is under way when it is stopped, says nothing of it, and leaves no timer', async () => {
    const answer: Answer = async (_, { clock, timeoutMs, signal }) => {
      await clock.sleep(timeoutMs, signal);
      return BAD;
    };
    const { clock, states, watched } = watch({ count: 3, answer });
    await clock.advance(150);
    await watched.stop();
    await settle();
    expect(states).toEqual([]);
    expect(clock.sleeping()).toEqual([]);
  });

  it('is content with nothing to watch', async () => {
    const { clock, watched } = watch({ count: 0 });
    await clock.advance(60_000);
    expect(watched.states()).toEqual([]);
  });
});
