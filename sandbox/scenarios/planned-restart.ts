import { describeChange, expectWhole, listRestart } from '../drill/expect-restarted.ts';
import { textOf } from '../drill/read-message.ts';
import { approve, followRun, requestRecovery, seeRun, standOf } from '../drill/recover.ts';
import { expectNothingWrong } from '../drill/see-alerts.ts';
import { demandCluster } from '../stage/cluster/demand-cluster.ts';
import { readWorkloads, watchWorkloads } from '../stage/cluster/watch-workloads.ts';
import type { Scenario } from './scenario.ts';

const TIME_SCALE = 5;
/** As configured: released in this order, held in reverse. */
const DEPENDENTS = ['site', 'metricity', 'bitwarden'];
const NEIGHBOUR = 'redis';
const NAMES_NEIGHBOUR = /not well: default\/deployment\/redis/;

/** Nothing is wrong: the same plan, before a day on which something is. */
export default {
  name: 'planned-restart',
  summary:
    'A healthy server is restarted by `/db recover strategy:restart`: clients held and released in order, no row lost, and a Redis that died meanwhile is not overlooked.',
  stage: { timeScale: TIME_SCALE, cluster: true, dependents: DEPENDENTS, ledger: true },
  acts: [
    {
      title: 'A quiet day, on which somebody keeps writing',
      play: async ({ ledger }) => ledger?.writes(50),
      async respond(stage, recorder) {
        recorder.expect(stage.discord.messages(stage.discord.channels.alerts).length === 0, 'the channel is quiet');
      },
    },
    {
      title: 'Nobody needs it, and it says so',
      play: async () => {},
      async respond(stage, recorder) {
        const advice = await requestRecovery(stage, 'remy');
        recorder.expect(standOf(advice) === 'over', `without a strategy there is nothing to run: ${textOf(advice)}`);
      },
    },
    {
      title: 'A restart is asked for all the same, and approved',
      play: async () => {},
      async respond(stage, recorder) {
        const cluster = demandCluster(stage);
        const { api } = cluster.kubernetes;
        const before = { dependents: DEPENDENTS, workloads: readWorkloads(api) };
        const watched = watchWorkloads(api);
        const plan = await requestRecovery(stage, 'remy', { strategy: 'restart' });
        recorder.expect(standOf(plan) === 'requested', 'it waits for an approval');
        recorder.expect(watched.changes.length === 0, 'nothing was changed before it is approved');
        const approvedAt = stage.time.now();
        await approve(stage, 'ada', plan);
        // Nobody had looked at it for five hours (product.md §1).
        cluster.breakDown(NEIGHBOUR, true);
        const { message } = await seeRun(stage, plan, (each) => NAMES_NEIGHBOUR.test(textOf(each)));
        recorder.expect(standOf(message) === 'running', `it does not end while ${NEIGHBOUR} is not well`);
        cluster.breakDown(NEIGHBOUR, false);
        await followRun(stage, recorder, plan);
        recorder.figures.own['restartMs'] = Math.round(stage.time.now() - approvedAt);
        watched.stop();
        const changes = watched.changes.map(describeChange);
        recorder.expect(
          changes.join() === listRestart(before).join(),
          `held in reverse, released in order, each once: ${changes.join(', ')}`,
        );
        await expectWhole(stage, recorder, before);
        expectNothingWrong(stage, recorder);
      },
    },
  ],
} satisfies Scenario;
