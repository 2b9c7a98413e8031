import { setTimeout as delay } from 'node:timers/promises';
import { expectTrueStatus } from '../drill/ask-status.ts';
import { endIncident, seeIncident } from '../drill/end-incident.ts';
import { confirmKill, countOffered, previewKill } from '../drill/kill-stale.ts';
import { textOf } from '../drill/read-message.ts';
import { expectNothingWrong, messagesOf, SITE, seeAlert, TOTAL, WAIT } from '../drill/see-alerts.ts';
import type { Player } from '../players/create-player.ts';
import { type FillOptions, fillTo } from '../stage/fill-to.ts';
import { openQuietSessions, type Stage } from '../stage/set-stage.ts';
import type { Scenario } from './scenario.ts';

const LEAK_PER_SECOND = 15;
const FIRES_AT = 90;
const ORDINARY_SLOTS = 97;
const RESERVED_SLOTS = 3;
const QUIET_MS = 3_000;
/** The newest of what was left behind has been idle for so long when the responder looks. */
const OLDER_THAN_MS = 3_000;

/** 2020-12-11, 13:24 UTC: an earlier deployment of `site` never closes its connections. */
export default {
  name: 'connection-surge',
  summary:
    '`site` leaks past its limit, past 90, to the last slot; a responder ends what it left behind, and writes it up.',
  acts: [
    {
      title: 'A quiet day',
      async play(stage) {
        await openQuietSessions(stage, { used: true });
        await delay(QUIET_MS);
      },
      async respond(stage, recorder) {
        recorder.expect(stage.discord.messages(stage.discord.channels.alerts).length === 0, 'the channel is quiet');
        await expectTrueStatus(stage, recorder);
      },
    },
    {
      title: '`site` leaks past its limit of 32',
      play: (stage) => leak(stage, async () => (await stage.observer.countOf('site')) >= 34),
      async respond(stage, recorder) {
        const { message } = await seeAlert(stage, SITE, 'firing');
        recorder.expect(textOf(message).includes('site'), 'a warning names site');
        recorder.expect(!message.content.includes('<@&'), 'a warning pings nobody');
      },
    },
    {
      title: 'It leaks past 90',
      play: (stage) => leak(stage, FIRES_AT + 1),
      async respond(stage, recorder) {
        const { message, firstPostAt } = await seeAlert(stage, TOTAL, 'firing');
        const crossedAt = await stage.observer.crossedAt(FIRES_AT);
        recorder.figures.crossedAt = crossedAt;
        if (crossedAt !== null) recorder.figures.detectMs = Math.round(firstPostAt - crossedAt);
        recorder.note('figure', `detected ${recorder.figures.detectMs} ms after PostgreSQL started the 90th backend`);
        recorder.expect(
          message.content.includes(`<@&${stage.discord.roles.onCall}>`),
          'a critical alert pings the on-call role',
        );
        await stage.discord.actAs('rosa').click(message.id, 'Acknowledge');
        await seeAlert(stage, TOTAL, 'acknowledged');
        if (crossedAt !== null) recorder.figures.acknowledgeMs = Math.round(Date.now() - crossedAt);
        recorder.note('figure', `acknowledged ${recorder.figures.acknowledgeMs} ms after it`);
      },
    },
    {
      title: 'It takes the last ordinary slot',
      play: (stage) => leak(stage, ORDINARY_SLOTS),
      async respond(stage, recorder) {
        const text = await expectTrueStatus(stage, recorder);
        recorder.expect(text.includes('only reserved slots are left'), 'the canary says that nobody gets in');
      },
    },
    {
      title: 'Superusers take the reserved slots: 100 of 100',
      play: ({ superuser }) => openAll(superuser, RESERVED_SLOTS),
      async respond(stage, recorder) {
        recorder.expect((await stage.observer.count()) === 100, 'PostgreSQL holds 100 of 100');
        await expectTrueStatus(stage, recorder);
      },
    },
    {
      title: 'The leak stops, and its sessions stay',
      play: () => delay(OLDER_THAN_MS),
      async respond(stage, recorder) {
        const leaked = countAll(stage.leakers);
        const alive = countAll(stage.pods.get('site') ?? []);
        const preview = await previewKill(stage, 'rosa', {
          kind: 'idle',
          application: 'site',
          'older-than': `${OLDER_THAN_MS / 1_000}s`,
        });
        recorder.expect(countOffered(preview) === leaked, `the preview offers the ${leaked} that were left behind`);
        const { terminated, failed } = await confirmKill(stage, recorder, 'rosa', preview);
        recorder.expect(terminated === leaked && failed === 0, `terminated exactly these ${leaked}`);
        recorder.expect(countAll(stage.leakers) === 0, 'each of them is gone');
        recorder.expect(countAll(stage.pods.get('site') ?? []) === alive, 'whoever uses its sessions has kept them');
        await Promise.all([seeAlert(stage, TOTAL, 'resolved'), seeAlert(stage, SITE, 'resolved')]);
        const { crossedAt } = recorder.figures;
        if (crossedAt !== null) recorder.figures.recoverMs = Math.round(Date.now() - crossedAt);
        recorder.expect(messagesOf(stage, TOTAL).length === 1, 'one message per alert');
        recorder.expect((await stage.observer.count()) < 80, 'PostgreSQL has room again');
      },
    },
    {
      title: 'It is written up',
      play: ({ superuser }) => superuser.terminateAll(),
      async respond(stage, recorder) {
        await seeIncident(stage, (text) => text.includes('calm'));
        const postmortem = await endIncident(stage, recorder, 'rosa', 'site and its API answered nobody');
        recorder.expect(postmortem.includes('connections-total'), 'the post-mortem names the alert');
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

function countAll(players: readonly Player[]): number {
  return players.reduce((sum, player) => sum + player.count(), 0);
}
