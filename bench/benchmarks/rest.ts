import { setTimeout as delay } from 'node:timers/promises';
import { createPlayer } from '../../sandbox/players/create-player.ts';
import type { BotProcess } from '../../sandbox/stage/bot-process.ts';
import { openQuietSessions, type Stage } from '../../sandbox/stage/set-stage.ts';
import type { Benchmark } from '../benchmark.ts';
import { type Figure, figureOf, type Peer, singleFigure } from '../figure.ts';
import { CPU_PEER_CALM, CPU_PEER_FAST, MEMORY_PEERS, SERVER_CPU_PEER } from '../peers.ts';
import { openPostgresView, type PostgresView } from '../postgres-view.ts';
import { readCpuMs, readMemoryKib, toMib } from '../read-process.ts';
import { fillCompileCache, imageEnvironment, replaceBot, setBenchStage } from '../stage.ts';

const SETTLE_MS = 15_000;
const OBSERVE_MS = 30_000;
const MEMORY_EVERY_MS = 1_000;
/** Of 100: below every threshold, and near enough for fast sampling. */
const BUSY = 75;

export default {
  name: 'rest',
  summary: 'memory and CPU of the bot while nothing happens, and of the PostgreSQL backend that serves it',
  async run(context) {
    const stage = await setBenchStage(context);
    const view = await openPostgresView(stage.postgres.superuser, context.scope);
    await openQuietSessions(stage);
    const watch = async (what: string, bot: BotProcess) => {
      context.progress(`${what}: ${SETTLE_MS / 1_000} s to settle, then ${OBSERVE_MS / 1_000} s`);
      await delay(SETTLE_MS);
      return observe(bot, view);
    };
    const plain = await watch('calm, plain node', stage.bot);

    const startBot = await replaceBot(context, stage);
    const image = await imageEnvironment(stage);
    await fillCompileCache(startBot(image));
    const bot = startBot(image);
    const calm = await watch('calm', bot);
    await openBusySessions(stage);
    const fast = await watch('near a threshold', bot);
    return {
      figures: [
        ...memoryFigures('calm', calm),
        ...memoryFigures('near a threshold', fast),
        ...memoryFigures('calm, plain node', plain),
        cpuFigure('CPU of the bot, calm (5 s)', calm.botShare, [CPU_PEER_CALM]),
        cpuFigure('CPU of the bot, calm (5 s), plain node', plain.botShare, [CPU_PEER_CALM]),
        cpuFigure('CPU of its backend, calm (5 s)', calm.backendShare, []),
        cpuFigure('CPU of the bot, near a threshold (250 ms)', fast.botShare, [CPU_PEER_FAST]),
        cpuFigure('CPU of its backend, near a threshold (250 ms)', fast.backendShare, [SERVER_CPU_PEER]),
      ],
      notes: [
        'resident memory is VmRSS: what the node binary has in memory is in it, and counted apart as not anonymous',
        'in the environment of the image: a full compile cache and a small young generation; once without them (plain node)',
        'CPU from schedstat (nanoseconds), heartbeats and the canary every 10 s included; no alert fires',
      ],
    };
  },
} satisfies Benchmark;

interface Observation {
  readonly rssMib: readonly number[];
  readonly anonymousMib: readonly number[];
  readonly botShare: number;
  readonly backendShare: number;
}

function memoryFigures(when: string, { rssMib, anonymousMib }: Observation): Figure[] {
  return [
    figureOf({ name: `resident memory, ${when}`, unit: 'MiB', peers: MEMORY_PEERS }, rssMib),
    figureOf({ name: `anonymous of it, ${when}`, unit: 'MiB' }, anonymousMib),
  ];
}

function cpuFigure(name: string, share: number, peers: readonly Peer[]): Figure {
  return singleFigure({ name, unit: '% of a core', peers }, { statistic: 'mean', value: share * 100, n: 1 });
}

async function observe({ pid }: BotProcess, view: PostgresView): Promise<Observation> {
  const backend = await view.heldBackendPid();
  const before = { at: performance.now(), bot: await readCpuMs(pid), backend: await readCpuMs(backend) };
  const rssMib: number[] = [];
  const anonymousMib: number[] = [];
  while (performance.now() - before.at < OBSERVE_MS) {
    const memory = await readMemoryKib(pid);
    rssMib.push(toMib(memory.rss));
    anonymousMib.push(toMib(memory.anonymous));
    await delay(MEMORY_EVERY_MS);
  }
  const tookMs = performance.now() - before.at;
  return {
    rssMib,
    anonymousMib,
    botShare: ((await readCpuMs(pid)) - before.bot) / tookMs,
    backendShare: ((await readCpuMs(backend)) - before.backend) / tookMs,
  };
}

async function openBusySessions({ postgres: { host, port }, observer }: Stage): Promise<void> {
  const name = 'metabase';
  const login = { user: name, password: name, database: name, applicationName: name, localAddress: '127.10.0.90' };
  const player = createPlayer({ name, host, port, ...login });
  await player.open(BUSY - (await observer.count()));
}
