import { setTimeout as delay } from 'node:timers/promises';
import { footerOf, titleOf } from '../../sandbox/drill/read-message.ts';
import { createPlayer, type Player } from '../../sandbox/players/create-player.ts';
import { openQuietSessions, type Stage } from '../../sandbox/stage/set-stage.ts';
import type { Benchmark } from '../benchmark.ts';
import { figureOf } from '../figure.ts';
import { DETECTION_PEERS } from '../peers.ts';
import { openPostgresView, type PostgresView } from '../postgres-view.ts';
import { setBenchStage } from '../stage.ts';

const CROSSINGS = 32;
/** Discord's own limit on posts and on edits in a channel; the sandbox's is wider. */
const REAL_LIMIT = { requests: 5, perMs: 5_000 };
/** An occurrence costs a post and up to three edits: at this pace the bot is never made to wait by the limit. */
const PACE_MS = 3_500;
const CALM_MS = 6_000;
/** Several sampling intervals, and no multiple of one: the phase is random. */
const PHASE_MS = 1_111;
/** For the chart's edit to be over, so that the next one is not held up by it. */
const SHOWN_MS = 700;
const WAIT = { timeoutMs: 20_000 };

/** One way to cross: from just below `clear`, where the sampling is fast already, to beyond the threshold. */
interface Crossing {
  readonly rule: string;
  readonly key: string;
  readonly fireAt: number;
  /** Whose sessions count; null: everybody's. */
  readonly user: string | null;
  readonly player: Player;
  readonly sessions: number;
}

export default {
  name: 'detection',
  summary: "from the crossing in PostgreSQL (the crossing backend's backend_start) to the POST's arrival at Discord",
  async run(context) {
    // No canary: its session comes and goes, and would now and then be the one that crosses.
    const stage = await setBenchStage(context, { canary: false });
    const view = await openPostgresView(stage.postgres.superuser, context.scope);
    stage.discord.rateLimits.set('POST /channels/{channel_id}/messages', REAL_LIMIT);
    stage.discord.rateLimits.set('PATCH /channels/{channel_id}/messages/{message_id}', REAL_LIMIT);
    await openQuietSessions(stage);

    const metabase = createAnotherPod(stage, 'metabase');
    await metabase.open(78 - (await stage.observer.count()));
    const total = await measureCrossings(stage, view, context.progress, {
      rule: 'connections-total',
      key: 'connections-total · main · total',
      fireAt: 90,
      user: null,
      player: createAnotherPod(stage, 'metricity'),
      sessions: 14,
    });
    await metabase.terminateAll();
    const site = createAnotherPod(stage, 'site');
    await site.open(27 - (await stage.observer.countOf('site')));
    const application = await measureCrossings(stage, view, context.progress, {
      rule: 'connections-application',
      key: 'connections-application · main · site',
      fireAt: 32,
      user: 'site',
      player: createAnotherPod(stage, 'site'),
      sessions: 8,
    });
    const limited = stage.discord.requests.items.filter(({ status }) => status === 429).length;
    return {
      figures: [total, application],
      notes: [
        `crossings at random phases, sampling at 250 ms near the threshold; a new message each, ${PACE_MS / 1_000} s apart`,
        `posts and edits under Discord's real limit (5 in 5 s); ${limited} were refused by it`,
        'the canary is off here, so that each crossing is the one that was made',
      ],
    };
  },
} satisfies Benchmark;

async function measureCrossings(
  stage: Stage,
  view: PostgresView,
  progress: (text: string) => void,
  crossing: Crossing,
) {
  const seen = new Set<string>();
  const delaysMs: number[] = [];
  // The last calm interval runs out first.
  await delay(CALM_MS);
  while (delaysMs.length < CROSSINGS) {
    const pace = delay(PACE_MS + Math.random() * PHASE_MS);
    delaysMs.push(await crossOnce(stage, view, crossing, seen));
    await pace;
    progress(`${crossing.rule} ${delaysMs.length}/${CROSSINGS}: ${Math.round(delaysMs.at(-1) ?? 0)} ms`);
  }
  return figureOf({ name: crossing.rule, unit: 'ms', peers: DETECTION_PEERS }, delaysMs);
}

async function crossOnce(
  { discord }: Stage,
  view: PostgresView,
  { key, fireAt, user, player, sessions }: Crossing,
  seen: Set<string>,
): Promise<number> {
  const posting = discord.waitForMessage((message) => footerOf(message) === key && !seen.has(message.id), WAIT);
  const [{ message, firstPostAt }] = await Promise.all([posting, player.open(sessions)]);
  seen.add(message.id);
  const crossedAt = await view.crossedAt(fireAt, user);
  await delay(SHOWN_MS);
  await player.terminateAll();
  await discord.waitForMessage((each) => each.id === message.id && titleOf(each).includes('resolved'), WAIT);
  return firstPostAt - crossedAt;
}

/** A pod beside those of the quiet day, whose sessions come and go as one. */
function createAnotherPod({ postgres: { host, port } }: Stage, name: string): Player {
  const login = { user: name, password: name, database: name, applicationName: name, localAddress: '127.10.0.90' };
  return createPlayer({ name, host, port, ...login });
}
