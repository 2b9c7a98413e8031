import { setTimeout as delay } from 'node:timers/promises';
import { PASSWORDS, writeBotEnvironment } from '../../sandbox/stage/bot-environment.ts';
import { type BotProcess, startBotProcess } from '../../sandbox/stage/bot-process.ts';
import type { Stage } from '../../sandbox/stage/set-stage.ts';
import type { Benchmark, BenchmarkContext } from '../benchmark.ts';
import { type Figure, singleFigure } from '../figure.ts';
import { readCpuMs, readMemoryKib, toMib } from '../read-process.ts';
import { fillCompileCache, imageEnvironment, makeDirectory, setBenchStage } from '../stage.ts';
import { median, slope } from '../statistics.ts';

/** Few sessions on the one server that stands for all of them: every watch stays calm. */
const SIZES = [1, 5, 10, 20] as const;
const SETTLE_MS = 15_000;
const OBSERVE_MS = 30_000;
const EVERY_MS = 1_000;
const WAIT = { timeoutMs: 30_000 };

interface Observation {
  readonly databases: number;
  readonly rssMib: number;
  /** Per cent of a core. */
  readonly cpu: number;
}

export default {
  name: 'databases',
  summary: 'what each additional database costs the bot, calm, up to 20',
  async run(context) {
    const stage = await setBenchStage(context);
    await stage.bot.stop();
    const image = await imageEnvironment(stage);
    await fillCompileCache(await startWith(1, stage, context, image));
    const observed: Observation[] = [];
    for (const size of SIZES) {
      context.progress(`${size} databases: ${(SETTLE_MS + OBSERVE_MS) / 1_000} s`);
      const bot = await startWith(size, stage, context, image);
      await delay(SETTLE_MS);
      observed.push({ databases: size, ...(await observe(bot)) });
      await bot.stop();
    }
    return { figures: describe(observed), notes: [NOTE] };
  },
} satisfies Benchmark;

const NOTE =
  'all on one server; each has a held session, a sample every 5 s, signals every 15 s and a canary every 10 s; least squares over the sizes';

function describe(observed: readonly Observation[]): Figure[] {
  const each = observed.flatMap(({ databases, rssMib, cpu }) => [
    singleFigure(
      { name: `resident memory, ${databases} databases`, unit: 'MiB' },
      { statistic: 'median', value: rssMib, n: OBSERVE_MS / EVERY_MS },
    ),
    singleFigure({ name: `CPU, ${databases} databases`, unit: '% of a core' }, { statistic: 'mean', value: cpu, n: 1 }),
  ]);
  const perDatabase = (pick: (one: Observation) => number) =>
    slope(observed.map((one) => ({ x: one.databases, y: pick(one) })));
  const n = observed.length;
  return [
    ...each,
    singleFigure(
      { name: 'memory of one more', unit: 'MiB' },
      { statistic: 'slope', value: perDatabase(({ rssMib }) => rssMib), n },
    ),
    singleFigure(
      { name: 'CPU of one more', unit: '% of a core' },
      { statistic: 'slope', value: perDatabase(({ cpu }) => cpu), n },
    ),
  ];
}

async function startWith(
  size: number,
  stage: Stage,
  { scope }: Pick<BenchmarkContext, 'scope'>,
  image: Readonly<Record<string, string>>,
): Promise<BotProcess> {
  const { discord, postgres } = stage;
  const { host, port } = postgres;
  const others = Array.from({ length: size - 1 }, (_, index) => `more${index + 2}`);
  const extra = others.map((name) =>
    [
      `  - name: ${name}`,
      `    connection: { host: ${host}, port: ${port}, user: breakwater, database: postgres }`,
      '    canary: { user: canary, database: postgres }\n',
    ].join('\n'),
  );
  const env = await writeBotEnvironment(await makeDirectory(stage), discord, postgres, { extra: extra.join('') });
  const passwords = others.flatMap((name) => [
    [`DATABASE_${name.toUpperCase()}_PASSWORD`, PASSWORDS.breakwater],
    [`DATABASE_${name.toUpperCase()}_CANARY_PASSWORD`, PASSWORDS.canary],
  ]);
  const bot = startBotProcess({ ...env, ...Object.fromEntries(passwords), ...image });
  scope.defer(async () => void (await bot.stop()));
  await bot.log.waitFor(({ msg }) => msg === 'commands registered', { ...WAIT, what: bot.stderr() });
  return bot;
}

async function observe({ pid }: BotProcess): Promise<Omit<Observation, 'databases'>> {
  const before = { at: performance.now(), cpuMs: await readCpuMs(pid) };
  const rssMib: number[] = [];
  while (performance.now() - before.at < OBSERVE_MS) {
    rssMib.push(toMib((await readMemoryKib(pid)).rss));
    await delay(EVERY_MS);
  }
  const share = ((await readCpuMs(pid)) - before.cpuMs) / (performance.now() - before.at);
  return { rssMib: median(rssMib), cpu: share * 100 };
}
