import { setTimeout as delay } from 'node:timers/promises';
import { expectTrueStatus } from '../drill/ask-status.ts';
import { endIncident, seeIncident } from '../drill/end-incident.ts';
import { confirmKill, countOffered, previewKill } from '../drill/kill-stale.ts';
import { textOf } from '../drill/read-message.ts';
import { expectNothingWrong, messagesOf, ORPHANED, SITE, seeAlert, TOTAL, WAIT } from '../drill/see-alerts.ts';
import type { PodPlayer } from '../kubernetes/kubelet/programs/pod-player.ts';
import { countOrphaned } from '../stage/cluster/count-orphaned.ts';
import type { StageCluster } from '../stage/cluster/set-cluster.ts';
import { fillTo } from '../stage/fill-to.ts';
import type { Stage } from '../stage/set-stage.ts';
import type { Scenario } from './scenario.ts';

/** What `site` holds when each of its revisions is replaced: nobody's from then on. */
const LEFT_BEHIND = [24, 24, 23];
const ORPHANS = LEFT_BEHIND.reduce((sum, each) => sum + each);
const ORDINARY_SLOTS = 97;
const FIRES_AT = 90;
const USED_EVERY_MS = 500;
/** Nobody deploys three times within a second, and what jumps so far between two calm samples is seen 5 s late at worst. */
const BETWEEN_ROLLOUTS_MS = 3_000;
/** A session must have been nobody's for a minute before it is selected (product.md §6). */
const STALE_AFTER_MS = 61_000;

/** 2020-12-11, as it was: connections of pods that no longer existed, never closed, and nobody to tell them apart. */
export default {
  name: 'stale-deployment',
  summary: `Three rollouts of \`site\` leave ${ORPHANS} of ${ORDINARY_SLOTS} sessions to nobody; \`site\` works on while they are ended.`,
  stage: {
    cluster: {
      sessions: { site: 9, metricity: 2, metabase: 3, pinnwand: 2, bitwarden: 2, blackknight: 1, grafana: 1 },
    },
    extra: '    alerts: { connections-orphaned: { for: 5s } }',
  },
  acts: [
    {
      title: 'A quiet day in the cluster',
      play: () => delay(3_000),
      async respond(stage, recorder) {
        recorder.expect(stage.discord.messages(stage.discord.channels.alerts).length === 0, 'the channel is quiet');
        recorder.expect((await countOrphaned(stage)) === 0, 'every session has its pod');
        await expectTrueStatus(stage, recorder);
      },
    },
    {
      title: '`site` is rolled out three times, and no pod closes what it held',
      async play(stage) {
        const cluster = clusterOf(stage);
        cluster.abandonOnRollout('site', true);
        for (const sessions of LEFT_BEHIND) {
          await holdTogether(cluster.pods('site'), sessions);
          await cluster.rollOut('site');
          await delay(BETWEEN_ROLLOUTS_MS);
        }
      },
      async respond(stage, recorder) {
        const orphaned = await countOrphaned(stage);
        recorder.expect(orphaned === ORPHANS, `${orphaned} sessions are of pods that are gone`);
        await seeAlert(stage, SITE, 'firing');
      },
    },
    {
      title: 'The living take the last ordinary slots',
      async play(stage) {
        const site = clusterOf(stage).pods('site');
        const before = site.map((player) => player.count());
        await fillTo(stage, site, { perSecond: 10, until: ORDINARY_SLOTS });
        site.forEach((player, index) => player.runQueries(player.count() - (before[index] ?? 0), USED_EVERY_MS));
      },
      async respond(stage, recorder) {
        const { message, firstPostAt } = await seeAlert(stage, TOTAL, 'firing');
        const crossedAt = await stage.observer.crossedAt(FIRES_AT);
        recorder.figures.crossedAt = crossedAt;
        if (crossedAt !== null) recorder.figures.detectMs = Math.round(firstPostAt - crossedAt);
        await stage.discord.actAs('rosa').click(message.id, 'Acknowledge');
        await seeAlert(stage, TOTAL, 'acknowledged');
        if (crossedAt !== null) recorder.figures.acknowledgeMs = Math.round(Date.now() - crossedAt);
      },
    },
    {
      title: 'A minute passes',
      play: () => delay(STALE_AFTER_MS),
      async respond(stage, recorder) {
        const { message } = await seeAlert(stage, ORPHANED, 'firing', { timeoutMs: 2 * WAIT.timeoutMs });
        recorder.expect(textOf(message).includes(`${ORPHANS} orphaned`), `the alert says that ${ORPHANS} are orphaned`);
        recorder.expect(textOf(message).includes('site-'), 'it names the pods that are gone');
      },
    },
    {
      title: 'A responder ends what nobody owns',
      play: async () => {},
      async respond(stage, recorder) {
        const living = [...stage.pods.values()].flat();
        const alive = living.map((player) => player.count());
        const preview = await previewKill(stage, 'rosa', {});
        const offered = countOffered(preview);
        recorder.expect(offered === ORPHANS, `the preview offers ${offered}: those of pods that are gone`);
        const { terminated, spared, failed } = await confirmKill(stage, recorder, 'rosa', preview);
        recorder.expect(terminated === ORPHANS && spared + failed === 0, `terminated exactly these ${terminated}`);
        recorder.expect((await countOrphaned(stage)) === 0, 'each of them is gone');
        recorder.expect(
          living.every((player, index) => player.count() === alive[index]),
          'whoever lives has kept its sessions',
        );
        const lost = clusterOf(stage)
          .pods('site')
          .map((player) => player.lost());
        recorder.expect(
          lost.length === 3 && lost.every((each) => each === 0),
          '`site` worked through it without an error',
        );
        await Promise.all([TOTAL, SITE, ORPHANED].map((key) => seeAlert(stage, key, 'resolved')));
        const { crossedAt } = recorder.figures;
        if (crossedAt !== null) recorder.figures.recoverMs = Math.round(Date.now() - crossedAt);
        recorder.expect(messagesOf(stage, ORPHANED).length === 1, 'one message per alert');
      },
    },
    {
      title: 'It is written up',
      play: async () => {},
      async respond(stage, recorder) {
        await seeIncident(stage, (text) => text.includes('calm'));
        const postmortem = await endIncident(stage, recorder, 'rosa', 'nobody new got in; site worked on');
        recorder.expect(postmortem.includes('connections-orphaned'), 'the post-mortem says what the cause was');
        recorder.expect(clusterOf(stage).kubelets.twoPostmasters.length === 0, 'never two servers on one volume');
        expectNothingWrong(stage, recorder);
      },
    },
  ],
} satisfies Scenario;

function clusterOf({ cluster }: Stage): StageCluster {
  if (cluster === null) throw new Error('this scenario wants a stage with a cluster');
  return cluster;
}

/** Opens what the pods lack of so many, spread evenly, and waits until they hold them. */
async function holdTogether(players: readonly PodPlayer[], sessions: number): Promise<void> {
  await Promise.all(
    players.map(async (player, index) => {
      const share = Math.floor(sessions / players.length) + (index < sessions % players.length ? 1 : 0);
      // Near the last slot a canary may take one for a moment.
      for (let attempt = 0; player.count() < share && attempt < 100; attempt += 1) {
        await player.open(share - player.count());
        await delay(20);
      }
    }),
  );
}
