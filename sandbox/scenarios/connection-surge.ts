import { setTimeout as delay } from 'node:timers/promises';
import { textOf } from '../drill/read-message.ts';
import type { Recorder } from '../drill/recorder.ts';
import { expectNothingWrong, messagesOf, seeAlert, WAIT } from '../drill/see-alerts.ts';
import type { Player } from '../players/create-player.ts';
import { type FillOptions, fillTo } from '../stage/fill-to.ts';
import { openQuietSessions, type Stage } from '../stage/set-stage.ts';
import type { Scenario } from './scenario.ts';

const SITE_ALERT = 'connections-application · main · site';
const TOTAL_ALERT = 'connections-total · main · total';
const LEAK_PER_SECOND = 15;
const FIRES_AT = 90;
const ORDINARY_SLOTS = 97;
const RESERVED_SLOTS = 3;
const QUIET_MS = 3_000;

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
      play: (stage) => leak(stage, async () => (await stage.observer.countOf('site')) >= 34),
      async respond(stage, recorder) {
        const { message } = await seeAlert(stage, SITE_ALERT, 'firing');
        recorder.expect(textOf(message).includes('site'), 'a warning names site');
        recorder.expect(!message.content.includes('<@&'), 'a warning pings nobody');
      },
    },
    {
      title: 'It leaks past 90',
      play: (stage) => leak(stage, FIRES_AT + 1),
      async respond(stage, recorder) {
        const { message, firstPostAt } = await seeAlert(stage, TOTAL_ALERT, 'firing');
        const crossedAt = await stage.observer.crossedAt(FIRES_AT);
        recorder.figures.crossedAt = crossedAt;
        if (crossedAt !== null) recorder.figures.detectMs = Math.round(firstPostAt - crossedAt);
        recorder.note('figure', `detected ${recorder.figures.detectMs} ms after PostgreSQL started the 90th backend`);
        recorder.expect(
          message.content.includes(`<@&${stage.discord.roles.onCall}>`),
          'a critical alert pings the on-call role',
        );
      },
    },
    {
      title: 'It takes the last ordinary slot',
      play: (stage) => leak(stage, ORDINARY_SLOTS),
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
      async respond(stage, recorder) {
        await Promise.all([seeAlert(stage, TOTAL_ALERT, 'resolved'), seeAlert(stage, SITE_ALERT, 'resolved')]);
        const { crossedAt } = recorder.figures;
        if (crossedAt !== null) recorder.figures.recoverMs = Math.round(Date.now() - crossedAt);
        recorder.expect(messagesOf(stage, TOTAL_ALERT).length === 1, 'one message per alert');
        recorder.expect((await stage.observer.count()) < 80, 'PostgreSQL has room again');
        expectNothingWrong(stage, recorder);
      },
    },
  ],
} satisfies Scenario;

function leak(stage: Stage, until: FillOptions['until']): Promise<void> {
  return fillTo(stage, stage.leakers, { perSecond: LEAK_PER_SECOND, until });
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
