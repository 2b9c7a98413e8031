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
/** 35 + 57 > 90 */
const SATURATION = 57;
/** Answered first, one right after the other: memory fills up over the first 200 charts, and growth is what comes after. */
const WARM_UP_ANSWERS = 200;
const MINUTE_MS = 60_000;
const MESSAGES = '/channels/{channel_id}/messages';
/** Discord's own limit on posts and on edits in a channel. */
const REAL_LIMIT = { requests: 5, perMs: 5_000 };
const WAIT = { timeoutMs: 20_000 };

export default {
  name: 'soak',
  summary:
    'memory and messages under light traffic: a /db status with its chart every 5 s, alerts that come and go each minute',
  async run(context) {
    const stage = await setBenchStage(context);
    await openQuietSessions(stage);
    stage.discord.rateLimits.set(`POST ${MESSAGES}`, REAL_LIMIT);
    stage.discord.rateLimits.set(`PATCH ${MESSAGES}/{message_id}`, REAL_LIMIT);
    const over = new AbortController();
    context.scope.defer(() => over.abort());
    const startBot = await replaceBot(context, stage);
    const image = await imageEnvironment(stage);
    await fillCompileCache(startBot(image));
    const bot = startBot(image);
    await bot.log.waitFor(({ msg }) => msg === 'commands registered', WAIT);
    context.progress(`${WARM_UP_ANSWERS} commands to warm up`);
    for (let answer = 0; answer < WARM_UP_ANSWERS; answer += 1) await askStatus(stage);
    const traffic = makeTraffic(stage, over.signal);
    const startedAt = Date.now();
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
    const sent = countSent(stage, startedAt);
    const inMib = (some: readonly Point[]) => some.map(({ y }) => toMib(y));
    const length = formatDuration(context.soakMs);
    return {
      figures: [
        singleFigure(
          { name: `growth over ${length}`, unit: 'KiB/min' },
          { statistic: 'slope', value: slope(points), n: points.length },
        ),
        figureOf({ name: 'resident memory, first tenth', unit: 'MiB' }, inMib(points.slice(0, tenth(points)))),
        figureOf({ name: 'resident memory, last tenth', unit: 'MiB' }, inMib(points.slice(-tenth(points)))),
        ...Object.entries(sent).map(([name, value]) =>
          singleFigure({ name, unit: 'requests' }, { statistic: 'mean', value, n: 1 }),
        ),
      ],
      notes: [
        `least squares; ${answers} commands were answered, after ${WARM_UP_ANSWERS} at once to warm up`,
        'in the environment of the image: a full compile cache and a small young generation',
        'the history of the charts fills up over 30 minutes: about 0.4 MiB in all, and no leak',
        ...(context.soakMs < 5 * MINUTE_MS ? ['too short to tell growth from the collector: -- --soak 10m'] : []),
      ],
    };
  },
} satisfies Benchmark;

/** What delivery sent to the alert channel, answers to commands left out. */
function countSent({ discord }: Stage, since: number) {
  const sent = discord.requests.items.filter(({ at, route }) => at >= since && (route ?? '').startsWith(MESSAGES));
  const ofMethod = (method: string): number => sent.filter((each) => each.method === method).length;
  return {
    'messages posted': ofMethod('POST'),
    'edits of them': ofMethod('PATCH'),
    'refused by Discord (429)': sent.filter(({ status }) => status === 429).length,
  };
}

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
async function makeTraffic(stage: Stage, signal: AbortSignal): Promise<number> {
  const [leaker] = stage.leakers;
  let answers = 0;
  while (!signal.aborted) {
    const pace = delay(STATUS_EVERY_MS);
    await askStatus(stage);
    answers += 1;
    // One minute `site` alone is over its limit, the next everybody together is over nine tenths.
    const turn = Math.floor(answers / ANSWERS_PER_TURN);
    if (answers % (2 * ANSWERS_PER_TURN) === 0) await leaker?.terminateAll();
    else if (answers % ANSWERS_PER_TURN === 0) await leaker?.open(turn % 4 === 1 ? SURGE : SATURATION);
    await pace;
  }
  return answers;
}

async function askStatus({ discord }: Stage): Promise<void> {
  const outcome = await discord.actAs('remy').command('db status', {}, { channelId: discord.channels.alerts });
  await outcome.final(WAIT);
}
