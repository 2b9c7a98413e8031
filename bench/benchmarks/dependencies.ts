import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BotProcess } from '../../sandbox/stage/bot-process.ts';
import type { Stage } from '../../sandbox/stage/set-stage.ts';
import type { Benchmark, BenchmarkContext } from '../benchmark.ts';
import { type Figure, figureOf } from '../figure.ts';
import { readMaps, toMib } from '../read-process.ts';
import { runChild } from '../run-child.ts';
import { makeDirectory, replaceBot, setBenchStage } from '../stage.ts';
import { median } from '../statistics.ts';

const RUNS = 5;
const SETTLE_MS = 2_000;
const WAIT = { timeoutMs: 20_000 };
/** Fonts: there is nothing in it to import. */
const WITHOUT_CODE = new Set(['dejavu-fonts-ttf']);

/** What the bot imports of a package when that is not its main entry. */
const ENTRIES: Readonly<Record<string, string>> = {
  'discord-api-types': 'discord-api-types/v10',
  'prom-client': 'prom-client/lib/gauge.js',
};

interface Cost {
  readonly ms: number;
  readonly rssKib: number;
}

export default {
  name: 'dependencies',
  summary: 'what importing each runtime dependency costs a process of its own, over an empty one',
  async run(context) {
    const names = await readDependencies();
    const loadedWhen = await observeLoads(context, names);
    const empty = await measureImports(undefined);
    const figures: Figure[] = [
      figureOf(
        { name: 'an empty process', unit: 'MiB' },
        empty.map(({ rssKib }) => toMib(rssKib)),
      ),
    ];
    const base = median(empty.map(({ rssKib }) => rssKib));
    for (const name of names) {
      if (WITHOUT_CODE.has(name)) continue;
      context.progress(name);
      const costs = await measureImports(ENTRIES[name] ?? name);
      const remark = loadedWhen.get(name) ?? 'not loaded by the running bot';
      figures.push(
        figureOf(
          { name, unit: 'ms', remark },
          costs.map(({ ms }) => ms),
        ),
        figureOf(
          { name, unit: 'MiB', remark },
          costs.map(({ rssKib }) => toMib(rssKib - base)),
        ),
      );
    }
    return {
      figures,
      notes: [
        `when each is loaded was observed by load hooks in a running bot; ${[...WITHOUT_CODE].join(', ')} has no code`,
        'packages share some of what they load, so the costs do not add up',
      ],
    };
  },
} satisfies Benchmark;

async function readDependencies(): Promise<string[]> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return Object.keys((JSON.parse(text) as { readonly dependencies: object }).dependencies);
}

async function measureImports(name: string | undefined): Promise<Cost[]> {
  const costs: Cost[] = [];
  while (costs.length < RUNS) {
    const { stdout } = await runChild('import-cost.ts', name === undefined ? [] : [name]);
    costs.push(JSON.parse(stdout) as Cost);
  }
  return costs;
}

/** When a running bot loads each package. Throws when the resting bot has the rasteriser in memory. */
async function observeLoads(context: BenchmarkContext, names: readonly string[]): Promise<Map<string, string>> {
  const stage = await setBenchStage(context);
  if (/resvg/.test(await readMaps(stage.bot.pid))) throw new Error('the resting bot has resvg mapped');
  const startBot = await replaceBot(context, stage);
  const file = join(await makeDirectory(stage), 'loads');
  const hooks = fileURLToPath(new URL('../children/record-loads.ts', import.meta.url));
  const bot = startBot({ LOADS_FILE: file, NODE_OPTIONS: `--import=${hooks}` });
  await bot.log.waitFor(({ msg }) => msg === 'commands registered', WAIT);
  await delay(SETTLE_MS);
  const loaded = new Map<string, string>();
  const note = async (when: string): Promise<void> => {
    const text = await readFile(file, 'utf8');
    for (const name of names) if (text.includes(`/node_modules/${name}/`) && !loaded.has(name)) loaded.set(name, when);
  };
  await note('loaded at start');
  await askStatus(stage, bot);
  await note('loaded with each chart, in a thread of its own');
  return loaded;
}

async function askStatus({ discord }: Stage, bot: BotProcess): Promise<void> {
  const outcome = await discord.actAs('remy').command('db status', {}, { channelId: discord.channels.alerts });
  const { embeds } = await outcome.final(WAIT);
  if (embeds.length === 0) throw new Error(`/db status gave no embed (${bot.stderr()})`);
}
