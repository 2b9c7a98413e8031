import { setTimeout as delay } from 'node:timers/promises';
import { footerOf, textOf, titleOf } from '../drill/read-message.ts';
import type { Recorder } from '../drill/recorder.ts';
import type { Player } from '../players/create-player.ts';
import { openQuietSessions, type Stage } from '../stage/set-stage.ts';
import type { Scenario } from './scenario.ts';

const SITE_ALERT = 'connections-application · main · site';
const TOTAL_ALERT = 'connections-total · main · total';
const MOST_LEAKED = 400;
const LEAK_PER_SECOND = 15;
const FIRES_AT = 90;
const ORDINARY_SLOTS = 97;
const RESERVED_SLOTS = 3;
const QUIET_MS = 3_000;
const CANARY_GONE_MS = 150;
/** A generous bound: a drill fails for what did not happen, never for a slow machine. */
const WAIT = { timeoutMs: 20_000 };

/** 2020-12-11, 13:24 UTC: an earlier deployment of `site` never closes its connections. */
export default {
  name: 'connection-surge',
  summary: '`site` leaks past its limit, past 90, to the last slot; the leak stops and the alerts resolve.',
  acts: [
    {
      title: 'A quiet day',
      async play(stage) {
        await openQuietSessions(stage);
        await delay(QUIET_MS);
      },
      async respond(stage, recorder) {
        recorder.expect(stage.discord.messages(stage.discord.channels.alerts).length === 0, 'the channel is quiet');
        await askStatus(stage, recorder);
      },
    },
    {
      title: '`site` leaks past its limit of 32',
      play: (stage) => leakTo(stage, async () => (await stage.observer.countOf('site')) >= 34),
      async respond({ discord }, recorder) {
        const { message } = await discord.waitForMessage((each) => footerOf(each) === SITE_ALERT, WAIT);
        recorder.expect(titleOf(message).includes('firing'), 'a warning names site');
        recorder.expect(!message.content.includes('<@&'), 'a warning pings nobody');
      },
    },
    {
      title: 'It leaks past 90',
      play: (stage) => leakTo(stage, async () => (await stage.observer.count()) >= FIRES_AT + 1),
      async respond({ discord, observer }, recorder) {
        const { message, firstPostAt } = await discord.waitForMessage((each) => footerOf(each) === TOTAL_ALERT, WAIT);
        const crossedAt = await observer.crossedAt(FIRES_AT);
        recorder.figures.crossedAt = crossedAt;
        if (crossedAt !== null) recorder.figures.detectMs = Math.round(firstPostAt - crossedAt);
        recorder.note('figure', `detected ${recorder.figures.detectMs} ms after PostgreSQL started the 90th backend`);
        recorder.expect(
          message.content.includes(`<@&${discord.roles.onCall}>`),
          'a critical alert pings the on-call role',
        );
      },
    },
    {
      title: 'It takes the last ordinary slot',
      play: (stage) => leakTo(stage, async () => (await stage.observer.count()) >= ORDINARY_SLOTS),
      async respond(stage, recorder) {
        const text = await askStatus(stage, recorder);
        recorder.expect(text.includes('only reserved slots are left'), 'the canary says that nobody gets in');
      },
    },
    {
      title: 'Superusers take the reserved slots: 100 of 100',
      play: ({ superuser }) => openAll(superuser, RESERVED_SLOTS),
      async respond(stage, recorder) {
        recorder.expect((await stage.observer.count()) === 100, 'PostgreSQL holds 100 of 100');
        await askStatus(stage, recorder);
      },
    },
    {
      title: 'The leak stops: its pods are killed',
      async play({ leakers, superuser }) {
        await Promise.all([...leakers, superuser].map((player) => player.terminateAll()));
      },
      async respond({ discord, observer, bot }, recorder) {
        const isResolved = (key: string) =>
          discord.waitForMessage((each) => footerOf(each) === key && titleOf(each).includes('resolved'), WAIT);
        await Promise.all([isResolved(TOTAL_ALERT), isResolved(SITE_ALERT)]);
        const { crossedAt } = recorder.figures;
        if (crossedAt !== null) recorder.figures.recoverMs = Math.round(Date.now() - crossedAt);
        const messages = discord.messages(discord.channels.alerts).filter((each) => footerOf(each).includes(' · '));
        recorder.expect(
          messages.filter((each) => footerOf(each) === TOTAL_ALERT).length === 1,
          'one message per alert',
        );
        recorder.expect((await observer.count()) < 80, 'PostgreSQL has room again');
        recorder.expect(discord.violations.length === 0, 'Discord would have accepted every request');
        const faults = bot.log.items.filter(({ level }) => level === 'error' || level === 'fatal');
        recorder.expect(faults.length === 0, `the bot logged no error${faults.map(({ msg }) => `; ${msg}`).join('')}`);
      },
    },
  ],
} satisfies Scenario;

/** One session after the other, so that none is under way, and lost again, when it is enough. */
async function leakTo({ leakers }: Stage, isEnough: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; !(await holds(isEnough)); turn += 1) {
    if (turn > MOST_LEAKED) throw new Error(`${MOST_LEAKED} attempts to leak were not enough`);
    await leakers[turn % leakers.length]?.open(1);
    await delay(1_000 / LEAK_PER_SECOND);
  }
}

/** The canary's session comes and goes: what it alone made true does not hold. */
async function holds(isEnough: () => Promise<boolean>): Promise<boolean> {
  if (!(await isEnough())) return false;
  await delay(CANARY_GONE_MS);
  return isEnough();
}

/** Until the player has them all: a refused canary holds a slot for a moment, and then it is the superuser who is refused. */
async function openAll(player: Player, n: number): Promise<void> {
  const giveUpAt = Date.now() + WAIT.timeoutMs;
  while (player.count() < n && Date.now() < giveUpAt) {
    await player.open(n - player.count());
    await delay(20);
  }
}

/** A responder asks; the numbers are held against PostgreSQL's own, which must not have moved meanwhile. */
async function askStatus({ discord, observer }: Stage, recorder: Recorder): Promise<string> {
  const askedAt = Date.now();
  const before = await observer.count();
  const outcome = await discord
    .actAs('remy')
    .command('db status', { database: 'main' }, { channelId: discord.channels.alerts });
  const answer = await outcome.final(WAIT);
  const text = textOf(answer);
  const site = await observer.countOf('site');
  const used = Number(/\*\*(\d+)\*\* used/.exec(text)?.[1] ?? Number.NaN);
  // The canary comes and goes: its one session may be in one count and not in the other.
  recorder.expect(Math.abs(used - before) <= 1, `/db status says ${used} used, PostgreSQL ${before}`);
  recorder.expect(
    new RegExp(`\`\\s*${site}\` \\*\\*site\\*\\*`).test(text),
    `/db status gives site its ${site} sessions`,
  );
  recorder.note('figure', `/db status answered in ${Date.now() - askedAt} ms`);
  return text;
}
