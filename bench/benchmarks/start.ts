import { setTimeout as delay } from 'node:timers/promises';
import type { BotProcess, LogLine } from '../../sandbox/stage/bot-process.ts';
import type { Benchmark } from '../benchmark.ts';
import { type Figure, figureOf } from '../figure.ts';
import { openPostgresView, type PostgresView } from '../postgres-view.ts';
import { runChild } from '../run-child.ts';
import { fillCompileCache, imageEnvironment, replaceBot, setBenchStage } from '../stage.ts';

const RUNS = 7;
const WAIT = { timeoutMs: 20_000 };

/** Milliseconds from the spawn. */
interface StartTimes {
  readonly connected: number;
  readonly sampled: number;
  readonly registered: number;
}

export default {
  name: 'start',
  summary:
    'from the spawn of the process (node src/main.ts run) to connected, to the first sample, to commands registered',
  async run(context) {
    const stage = await setBenchStage(context);
    const view = await openPostgresView(stage.postgres.superuser, context.scope);
    const startBot = await replaceBot(context, stage);
    const cache = await imageEnvironment(stage);
    const bareArgs = [stage.discord.apiUrl, stage.discord.token];
    // Fills the caches of the compiler; what it takes is not counted.
    await fillCompileCache(startBot(cache));
    await runChild('bare-client.ts', bareArgs, cache);

    const plain: StartTimes[] = [];
    const cached: StartTimes[] = [];
    const bare: number[] = [];
    const bareCached: number[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      plain.push(await measureStart(startBot(), view));
      cached.push(await measureStart(startBot(cache), view));
      bare.push((await runChild('bare-client.ts', bareArgs)).firstOutputMs);
      bareCached.push((await runChild('bare-client.ts', bareArgs, cache)).firstOutputMs);
      context.progress(`${run}/${RUNS}`);
    }
    return {
      figures: [...describe('', plain, bare), ...describe(', as in the image', cached, bareCached)],
      notes: [
        'the commands are registered already, as at every start but the first: they are read and found unchanged',
        'as in the image: with a compile cache filled by an earlier start',
      ],
    };
  },
} satisfies Benchmark;

function describe(suffix: string, starts: readonly StartTimes[], bareMs: readonly number[]): Figure[] {
  const bare = figureOf({ name: `bare discord.js client connected${suffix}`, unit: 'ms' }, bareMs);
  const peers = [{ name: 'a bare discord.js client', value: bare.value, source: 'measured in this run' }];
  return [
    figureOf(
      { name: `connected to Discord${suffix}`, unit: 'ms', peers },
      starts.map(({ connected }) => connected),
    ),
    figureOf(
      { name: `first sample${suffix}`, unit: 'ms' },
      starts.map(({ sampled }) => sampled),
    ),
    figureOf(
      { name: `commands registered${suffix}`, unit: 'ms' },
      starts.map(({ registered }) => registered),
    ),
    bare,
  ];
}

async function measureStart(bot: BotProcess, view: PostgresView): Promise<StartTimes> {
  const begun = Date.now();
  const since = async (what: string): Promise<number> => {
    await bot.log.waitFor(({ msg }: LogLine) => msg === what, { ...WAIT, what: `${what} (${bot.stderr()})` });
    return Date.now() - begun;
  };
  const [connected, registered, sampledAt] = await Promise.all([
    since('connected to Discord'),
    since('commands registered'),
    waitForSample(view),
  ]);
  await bot.stop();
  return { connected, registered, sampled: sampledAt - begun };
}

/** The server says when; asking every 20 ms only costs patience. The second sample comes 5 s after the first. */
async function waitForSample(view: PostgresView): Promise<number> {
  const deadline = performance.now() + WAIT.timeoutMs;
  while (performance.now() < deadline) {
    const at = await view.sampledAt();
    if (at !== null) return at;
    await delay(20);
  }
  throw new Error('the bot took no sample');
}
