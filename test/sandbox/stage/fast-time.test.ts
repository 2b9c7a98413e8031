import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createSimulatedTime } from '../../../sandbox/stage/simulated-time.ts';

const PRELOAD = fileURLToPath(new URL('../../../sandbox/stage/fast-time.ts', import.meta.url));
const SCALE = 50;
const WAIT_MS = 5_000;

/** Runs a script with the preload, and gives what it prints as JSON. */
async function run(script: string, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const given = { FAST_TIME_SCALE: String(SCALE), FAST_TIME_FROM: String(Date.now()), ...env };
  const args = ['--input-type=module', '--import', PRELOAD, '--eval', `${script}; console.log(JSON.stringify(seen))`];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...given } });
  return JSON.parse(stdout);
}

/** Each waits WAIT_MS, in the ways in which a program may. */
const WAITS = {
  'the global setTimeout': 'new Promise((resolve) => setTimeout(resolve, ms))',
  'the global setInterval': 'new Promise((resolve) => { const t = setInterval(() => resolve(clearInterval(t)), ms) })',
  'a refreshed timeout': 'new Promise((resolve) => setTimeout(resolve, ms).refresh())',
  'setTimeout of node:timers': 'new Promise((resolve) => timers.setTimeout(resolve, ms))',
  'setTimeout of node:timers/promises': 'sleep(ms)',
  'setInterval of node:timers/promises': '(async () => { for await (const _ of tick(ms)) return; })()',
  'scheduler.wait': 'scheduler.wait(ms)',
  'a promisified setTimeout': 'promisify(setTimeout)(ms)',
  'AbortSignal.timeout': "new Promise((resolve) => AbortSignal.timeout(ms).addEventListener('abort', resolve))",
};

describe('fast time', () => {
  it('quickens every way to wait, and dates that as the full wait', async () => {
    const seen = (await run(`
      import * as timers from 'node:timers';
      import { scheduler, setInterval as tick, setTimeout as sleep } from 'node:timers/promises';
      import { promisify } from 'node:util';
      const ms = ${WAIT_MS};
      const stay = timers.setTimeout(() => {}, 1e9); // AbortSignal.timeout alone keeps no process alive
      const took = async (wait) => { const begun = Date.now(); await wait(); return Date.now() - begun; };
      const seen = Object.fromEntries(await Promise.all([
        ${Object.entries(WAITS)
          .map(([name, wait]) => `took(() => ${wait}).then((each) => [${JSON.stringify(name)}, each])`)
          .join(',\n')}
      ]));
      clearTimeout(stay)`)) as Record<string, number>;
    expect(Object.keys(seen)).toEqual(Object.keys(WAITS));
    for (const [name, tookMs] of Object.entries(seen)) {
      expect(tookMs, name).toBeGreaterThanOrEqual(WAIT_MS - SCALE);
      // A wait that is not quickened is dated as fifty times as long; between them is room for a slow machine.
      expect(tookMs, name).toBeLessThan((WAIT_MS * SCALE) / 2);
    }
  });

  it('quickens every clock alike', async () => {
    const seen = (await run(`
      const ways = [() => Date.now(), () => new Date().getTime(), () => Date.parse(Date()), () => performance.now(),
        () => performance.timeOrigin + performance.now()];
      const read = () => ways.map((way) => way());
      const real = () => Number(process.hrtime.bigint()) / 1e6;
      const [begun, from] = [read(), real()];
      await new Promise((resolve) => setTimeout(resolve, ${200 * SCALE}));
      const [end, to] = [read(), real()];
      const seen = end.map((each, index) => (each - begun[index]) / (to - from))`)) as number[];
    expect(Math.min(...seen) / SCALE).toBeGreaterThan(0.8);
    expect(Math.max(...seen) / SCALE).toBeLessThan(1.2);
  });

  it('tells the time that the stage reckons with', async () => {
    const from = Date.now() - 60_000;
    const time = createSimulatedTime({ scale: SCALE, from });
    const earliest = time.now();
    const seen = (await run('const seen = Date.now()', { FAST_TIME_FROM: String(from) })) as number;
    expect(seen).toBeGreaterThanOrEqual(earliest - SCALE);
    expect(seen).toBeLessThanOrEqual(time.now());
  });

  it('leaves dates what they are', async () => {
    expect(
      await run(`
        const then = new Date(86_400_000);
        const seen = [then.toISOString(), then instanceof Date, then.constructor === Date, new Date(2020, 0).getFullYear(),
          typeof Date(), Date.UTC(1970, 0, 2), structuredClone(then) instanceof Date]`),
    ).toEqual(['1970-01-02T00:00:00.000Z', true, true, 2020, 'string', 86_400_000, true]);
  });

  it('refuses to guess its scale', async () => {
    await expect(run('const seen = 0', { FAST_TIME_SCALE: '' })).rejects.toThrow(/FAST_TIME_SCALE must be a number/);
  });
});
