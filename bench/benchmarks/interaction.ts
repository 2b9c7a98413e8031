import { setTimeout as delay } from 'node:timers/promises';
import { textOf } from '../../sandbox/drill/read-message.ts';
import { openQuietSessions, type Stage } from '../../sandbox/stage/set-stage.ts';
import type { Benchmark, BenchmarkContext } from '../benchmark.ts';
import { type Figure, figureOf } from '../figure.ts';
import { ACKNOWLEDGE_LIMIT, BARE_REPLY } from '../peers.ts';
import { setBenchStage } from '../stage.ts';

const COMMANDS = 50;
const SETTLE_MS = 2_000;
const WAIT = { timeoutMs: 20_000 };

export default {
  name: 'interaction',
  summary: '/db status: from the interaction to its acknowledgement, and to the complete answer with its chart',
  async run(context) {
    const stage = await setBenchStage(context);
    await openQuietSessions(stage);
    await delay(SETTLE_MS);
    const quiet = await measureCommands(stage, context, 'quiet');
    await fill(stage);
    await delay(SETTLE_MS);
    // The canary may have had the last slot for a moment.
    await fill(stage);
    const full = await measureCommands(stage, context, '97 of 97 slots taken');
    return {
      figures: [...quiet, ...full],
      notes: [
        'one command after the other; each takes a sample, tries a connection as the canary, and draws a chart',
        'times are whole milliseconds, from the interaction on the gateway to the arrival of the request at the API',
      ],
    };
  },
} satisfies Benchmark;

async function measureCommands(
  { discord, observer }: Stage,
  context: BenchmarkContext,
  label: string,
): Promise<Figure[]> {
  const acknowledged: number[] = [];
  const completed: number[] = [];
  const remy = discord.actAs('remy');
  while (completed.length < COMMANDS) {
    const begun = performance.now();
    const outcome = await remy.command('db status', {}, { channelId: discord.channels.alerts });
    const answer = await outcome.final(WAIT);
    completed.push(performance.now() - begun);
    if (outcome.acknowledgedAfterMs === null) throw new Error('a command was not acknowledged');
    acknowledged.push(outcome.acknowledgedAfterMs);
    if (!/\*\*\d+\*\* used/.test(textOf(answer))) throw new Error(`an answer without numbers: ${textOf(answer)}`);
    if (completed.length % 10 === 0) context.progress(`${label} ${completed.length}/${COMMANDS}`);
  }
  const used = await observer.count();
  return [
    figureOf(
      {
        name: `acknowledged, ${label}`,
        unit: 'ms',
        peers: [BARE_REPLY, ACKNOWLEDGE_LIMIT],
        remark: `${used} sessions`,
      },
      acknowledged,
    ),
    figureOf({ name: `complete, ${label}`, unit: 'ms', remark: `${used} sessions` }, completed),
  ];
}

/** Opens until one is refused. */
async function fill({ leakers }: Stage): Promise<void> {
  const [leaker] = leakers;
  if (leaker === undefined) throw new Error('nobody leaks in the cast');
  while ((await leaker.open(1)).refused === 0);
}
