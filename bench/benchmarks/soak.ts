import { setTimeout as delay } from 'node:timers/promises';
import { openQuietSessions, type Stage } from '../../sandbox/stage/set-stage.ts';
import { formatDuration } from '../../src/model/duration.ts';
import type { Benchmark } from '../benchmark.ts';
import { figureOf, singleFigure } from '../figure.ts';
import { readMemoryKib, toMib } from '../read-process.ts';
import { fillCompileCache, imageEnvironment, replaceBot, setBenchStage } from '../stage.ts';
import { type Point, slope } from '../statistics.ts';

const RSS_EVERY_MS = 1_000;
const STATUS_EVERY_MS = 5_000;
/** Every so many answers `site` goes over its limit, or comes back: an alert fires and resolves. */
const ANSWERS_PER_TURN = 6;
/** 12 + 24 > 32 */
const SURGE = 24;
const LONGEST_WARM_UP_MS = 120_000;
const MINUTE_MS = 60_000;
const WAIT = { timeoutMs: 20_000 };

export default {
  name: 'soak',
  summary: 'growth of resident memory under light traffic: a /db status with its chart every 5 s, an alert a minute',
  async run(context) {
    const stage = await setBenchStage(context);
    await openQuietSessions(stage);
    const over = new AbortController();
    context.scope.defer(() => over.abort());
    const startBot = await replaceBot(context, stage);
    const image = await imageEnvironment(stage);
    await fillCompileCache(startBot(image));
    const bot = startBot(image);
    await bot.log.waitFor(({ msg }) => msg === 'commands registered', WAIT);
    const traffic = makeTraffic(stage, over.signal);
    const begun = performance.now();
    const points: Point[] = [];
    while (performance.now() - begun < context.soakMs) {
      points.push({ x: (performance.now() - begun) / MINUTE_MS, y: (await readMemoryKib(bot.pid)).rss });
      if (points.length % 30 === 0)
        context.progress(`${formatDuration(performance.now() - begun)}: ${rssOf(points.at(-1))}`);
      await Promise.race([delay(RSS_EVERY_MS), failIfItFails(traffic)]);
    }
    over.abort();
    const answers = await traffic;
    const warmUpMs = Math.min(LONGEST_WARM_UP_MS, context.soakMs / 3);
    const settled = points.filter(({ x }) => x * MINUTE_MS >= warmUpMs);
    const inMib = (some: readonly Point[]) => some.map(({ y }) => toMib(y));
    const length = formatDuration(context.soakMs);
    return {
      figures: [
        singleFigure(
          { name: `growth over ${length}`, unit: 'KiB/min' },
          { statistic: 'slope', value: slope(settled), n: settled.length },
        ),
        figureOf({ name: 'resident memory, first tenth', unit: 'MiB' }, inMib(settled.slice(0, tenth(settled)))),
        figureOf({ name: 'resident memory, last tenth', unit: 'MiB' }, inMib(settled.slice(-tenth(settled)))),
      ],
      notes: [
        `least squares over what follows a warm-up of ${formatDuration(warmUpMs)}; ${answers} commands were answered`,
        'in the environment of the image: a full compile cache and a small young generation',
        'the history of the charts fills up over 30 minutes: about 0.4 MiB in all, and no leak',
        ...(context.soakMs < 5 * MINUTE_MS ? ['too short to tell growth from the collector: -- --soak 10m'] : []),
      ],
    };
  },
} satisfies Benchmark;

function tenth(points: readonly Point[]): number {
  return Math.max(1, Math.round(points.length / 10));
}

function rssOf(point: Point | undefined): string {
  return `${toMib(point?.y ?? 0).toFixed(1)} MiB`;
}

/** Rejects when the traffic does, and never resolves: a soak whose traffic stopped has measured nothing. */
async function failIfItFails(traffic: Promise<number>): Promise<never> {
  await traffic;
  return new Promise(() => {});
}

/** Returns how many commands were answered. */
async function makeTraffic({ discord, leakers }: Stage, signal: AbortSignal): Promise<number> {
  const [leaker] = leakers;
  const responder = discord.actAs('remy');
  let answers = 0;
  while (!signal.aborted) {
    const pace = delay(STATUS_EVERY_MS);
    const outcome = await responder.command('db status', {}, { channelId: discord.channels.alerts });
    await outcome.final(WAIT);
    answers += 1;
    if (answers % (2 * ANSWERS_PER_TURN) === 0) await leaker?.terminateAll();
    else if (answers % ANSWERS_PER_TURN === 0) await leaker?.open(SURGE);
    await pace;
  }
  return answers;
}
