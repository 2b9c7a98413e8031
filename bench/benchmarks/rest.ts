import { setTimeout as delay } from 'node:timers/promises';
import { openQuietSessions, type Stage } from '../../sandbox/stage/set-stage.ts';
import type { Benchmark } from '../benchmark.ts';
import { type Figure, figureOf, singleFigure } from '../figure.ts';
import { CPU_PEER_CALM, CPU_PEER_FAST, MEMORY_PEERS, SERVER_CPU_PEER } from '../peers.ts';
import { openPostgresView, type PostgresView } from '../postgres-view.ts';
import { readCpuMs, readRssKib, toMib } from '../read-process.ts';
import { setBenchStage } from '../stage.ts';

const SETTLE_MS = 15_000;
const OBSERVE_MS = 30_000;
const RSS_EVERY_MS = 1_000;

export default {
  name: 'rest',
  summary: 'memory and CPU of the bot while nothing happens, and of the PostgreSQL backend that serves it',
  async run(context) {
    const stage = await setBenchStage(context);
    const view = await openPostgresView(stage.postgres.superuser, context.scope);
    await openQuietSessions(stage);
    context.progress(`settling for ${SETTLE_MS / 1_000} s`);
    await delay(SETTLE_MS);
    context.progress(`calm for ${OBSERVE_MS / 1_000} s`);
    const calm = await observe(stage, view);
    await openBusySessions(stage);
    context.progress(`near a threshold for ${OBSERVE_MS / 1_000} s`);
    const fast = await observe(stage, view);
    return {
      figures: [
        figureOf({ name: 'resident memory, calm', unit: 'MiB', peers: MEMORY_PEERS }, calm.rssMib),
        cpuFigure('CPU of the bot, calm (5 s)', calm.botShare, CPU_PEER_CALM),
        cpuFigure('CPU of its backend, calm (5 s)', calm.backendShare, null),
        figureOf({ name: 'resident memory, near a threshold', unit: 'MiB', peers: MEMORY_PEERS }, fast.rssMib),
        cpuFigure('CPU of the bot, near a threshold (250 ms)', fast.botShare, CPU_PEER_FAST),
        cpuFigure('CPU of its backend, near a threshold (250 ms)', fast.backendShare, SERVER_CPU_PEER),
      ],
      notes: [
        'resident memory is VmRSS: the node binary and its libraries are in it',
        'CPU from schedstat (nanoseconds), heartbeats and the canary every 10 s included; no alert fires',
      ],
    };
  },
} satisfies Benchmark;

function cpuFigure(name: string, share: number, peer: typeof CPU_PEER_CALM | null): Figure {
  const peers = peer === null ? [] : [peer];
  return singleFigure({ name, unit: '% of a core', peers }, { statistic: 'mean', value: share * 100, n: 1 });
}

async function observe({ bot }: Stage, view: PostgresView) {
  const backend = await view.heldBackendPid();
  const before = { at: performance.now(), bot: await readCpuMs(bot.pid), backend: await readCpuMs(backend) };
  const rssMib: number[] = [];
  while (performance.now() - before.at < OBSERVE_MS) {
    rssMib.push(toMib(await readRssKib(bot.pid)));
    await delay(RSS_EVERY_MS);
  }
  const tookMs = performance.now() - before.at;
  return {
    rssMib,
    botShare: ((await readCpuMs(bot.pid)) - before.bot) / tookMs,
    backendShare: ((await readCpuMs(backend)) - before.backend) / tookMs,
  };
}

/** 75 of 100: below every threshold, and near enough for fast sampling. */
async function openBusySessions({ pods, observer }: Stage): Promise<void> {
  const [metabase] = pods.get('metabase') ?? [];
  await metabase?.open(75 - (await observer.count()));
}
