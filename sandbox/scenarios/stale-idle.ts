import { setTimeout as delay } from 'node:timers/promises';
import { endIncident, seeIncident } from '../drill/end-incident.ts';
import { confirmKill, countOffered, previewKill } from '../drill/kill-stale.ts';
import { textOf } from '../drill/read-message.ts';
import { expectNothingWrong, seeAlert, TOTAL, WAIT } from '../drill/see-alerts.ts';
import type { Player } from '../players/create-player.ts';
import { fillTo } from '../stage/fill-to.ts';
import { openQuietSessions, type Stage } from '../stage/set-stage.ts';
import type { Scenario } from './scenario.ts';

const FIRES_AT = 91;
const USED_EVERY_MS = 500;
const OLDER_THAN_MS = 3_000;

/** 2024: Metabase's pool grew with a dashboard, and held what it no longer used. */
export default {
  name: 'stale-idle',
  summary: "Metabase's pool holds most of the connections idle; two responders meet at one red button.",
  acts: [
    {
      title: 'Metabase opens its pool and uses it no more',
      async play(stage) {
        await openQuietSessions(stage, { used: true });
        await fillTo(stage, [metabase(stage)], { perSecond: 12, until: FIRES_AT });
      },
      async respond(stage, recorder) {
        const { message, firstPostAt } = await seeAlert(stage, TOTAL, 'firing');
        const crossedAt = await stage.observer.crossedAt(FIRES_AT - 1);
        recorder.figures.crossedAt = crossedAt;
        if (crossedAt !== null) recorder.figures.detectMs = Math.round(firstPostAt - crossedAt);
        await stage.discord.actAs('rosa').click(message.id, 'Acknowledge');
        await seeAlert(stage, TOTAL, 'acknowledged');
        if (crossedAt !== null) recorder.figures.acknowledgeMs = Math.round(Date.now() - crossedAt);
      },
    },
    {
      title: 'Somebody who may only look asks who it is',
      play: () => delay(OLDER_THAN_MS),
      async respond({ discord }, recorder) {
        const { alerts } = discord.channels;
        const olive = discord.actAs('olive');
        const seen = await olive.command('db connections', { database: 'main' }, { channelId: alerts, hidden: true });
        recorder.expect(textOf(await seen.final(WAIT)).includes('metabase'), '/db connections names metabase');
        const refused = await olive.command('db kill-stale', { kind: 'idle' }, { channelId: alerts, hidden: true });
        recorder.expect(
          refused.ephemeral && textOf(await refused.final(WAIT)).includes('`respond`'),
          'kill-stale is refused to her, with the level that is missing',
        );
      },
    },
    {
      title: 'A responder looks; meanwhile one session is used, one ends, and a newcomer takes its place',
      play: async () => {},
      async respond(stage, recorder) {
        const pool = metabase(stage);
        const live = [...stage.pods.values()].flat().filter((player) => player !== pool);
        const alive = live.map((player) => player.count());
        const preview = await previewKill(stage, 'rosa', {
          kind: 'idle',
          'older-than': `${OLDER_THAN_MS / 1_000}s`,
        });
        const offered = countOffered(preview) ?? 0;
        recorder.expect(offered > 50, `the preview offers ${offered} idle sessions`);
        pool.runQueries(1, USED_EVERY_MS);
        await pool.close(1);
        await pool.open(1);
        const spectator = await stage.discord.actAs('olive').click(preview.id, /^Terminate/);
        recorder.expect(
          textOf(await spectator.final(WAIT)).includes('`respond`'),
          'who may only look may not press the red button',
        );
        const [{ terminated, spared, failed, message }, second] = await Promise.all([
          confirmKill(stage, recorder, 'remy', preview),
          stage.discord.actAs('rosa').click(preview.id, /^Terminate/),
        ]);
        recorder.expect(terminated === offered - 2, `terminated ${terminated} of the ${offered} that were shown`);
        recorder.expect(spared === 2 && failed === 0, 'spared the used one and the one that had ended');
        recorder.expect(
          live.every((player, index) => player.count() === alive[index]),
          'whoever uses its sessions has kept them',
        );
        recorder.expect(countOffered(message) === null, 'the red button is gone');
        recorder.expect(second.kind !== 'failed', 'the second click was answered, and did nothing');
        await seeAlert(stage, TOTAL, 'resolved');
        const { crossedAt } = recorder.figures;
        if (crossedAt !== null) recorder.figures.recoverMs = Math.round(Date.now() - crossedAt);
      },
    },
    {
      title: 'It is written up',
      play: async () => {},
      async respond(stage, recorder) {
        await seeIncident(stage, (text) => text.includes('calm'));
        const postmortem = await endIncident(stage, recorder, 'rosa', 'dashboards were slow; nobody lost data');
        recorder.expect(postmortem.includes('metabase'), 'the post-mortem says who held the connections');
        expectNothingWrong(stage, recorder);
      },
    },
  ],
} satisfies Scenario;

function metabase({ pods }: Stage): Player {
  const [player] = pods.get('metabase') ?? [];
  if (player === undefined) throw new Error('nobody plays metabase');
  return player;
}
