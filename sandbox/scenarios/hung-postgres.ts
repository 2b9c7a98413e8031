import { describeChange, expectWhole, listRestart } from '../drill/expect-restarted.ts';
import { textOf } from '../drill/read-message.ts';
import { approve, followRun, requestRecovery, seeRun, standOf } from '../drill/recover.ts';
import { expectNothingWrong, seeAlert, UNREACHABLE } from '../drill/see-alerts.ts';
import { demandCluster } from '../stage/cluster/demand-cluster.ts';
import { readWorkloads, watchWorkloads } from '../stage/cluster/watch-workloads.ts';
import type { Scenario } from './scenario.ts';

const TIME_SCALE = 5;
/** As configured: released in this order, held in reverse. */
const DEPENDENTS = ['site', 'metricity', 'bitwarden'];
const NAMES_RESTART = /\brestart\b(?!-)/;

/** No stop signal is heeded, no client gets an answer: only the server's end helps, and nobody but one knew how (product.md §1). */
export default {
  name: 'hung-postgres',
  summary:
    'The server stands still with everybody in it: one asks for `restart`, another approves, and not a row is lost.',
  stage: { timeScale: TIME_SCALE, cluster: { graceSeconds: 10 }, dependents: DEPENDENTS, ledger: true },
  acts: [
    {
      title: 'A quiet day, on which somebody keeps writing',
      play: async ({ ledger }) => ledger?.writes(50),
      async respond(stage, recorder) {
        recorder.expect(stage.discord.messages(stage.discord.channels.alerts).length === 0, 'the channel is quiet');
      },
    },
    {
      title: 'PostgreSQL hangs, the postmaster and every backend',
      play: ({ postgres }) => postgres.hang(),
      async respond(stage, recorder) {
        const { message, firstPostAt } = await seeAlert(stage, UNREACHABLE, 'firing', { timeoutMs: 60_000 });
        const hungAt = recorder.actBeganAt();
        recorder.figures.crossedAt = hungAt;
        recorder.figures.detectMs = Math.round(firstPostAt - hungAt);
        recorder.expect(textOf(message).includes('hangs'), 'the alert says that it hangs');
        await stage.discord.actAs('remy').click(message.id, 'Acknowledge');
        await seeAlert(stage, UNREACHABLE, 'acknowledged');
        recorder.figures.acknowledgeMs = Math.round(stage.time.now() - hungAt);
      },
    },
    {
      title: 'One asks what to do, another approves it',
      play: async () => {},
      async respond(stage, recorder) {
        const { api } = demandCluster(stage).kubernetes;
        const before = { dependents: DEPENDENTS, workloads: readWorkloads(api) };
        const watched = watchWorkloads(api);
        const plan = await requestRecovery(stage, 'remy');
        recorder.expect(NAMES_RESTART.test(textOf(plan)), 'it recommends restart');
        recorder.expect(standOf(plan) === 'requested', 'it waits for an approval');
        recorder.expect((await approve(stage, 'remy', plan)) !== null, 'who asked may not approve it');
        recorder.expect((await approve(stage, 'rosa', plan)) !== null, 'nor may who only responds');
        recorder.expect(watched.changes.length === 0, 'nothing was changed before it is approved');
        await approve(stage, 'ada', plan);
        await seeRun(stage, plan, (message) => standOf(message) === 'running');
        await followRun(stage, recorder, plan);
        watched.stop();
        const changes = watched.changes.map(describeChange);
        recorder.expect(
          changes.join() === listRestart(before).join(),
          `held in reverse, released in order, each once: ${changes.join(', ')}`,
        );
        await expectWhole(stage, recorder, before);
        await seeAlert(stage, UNREACHABLE, 'resolved', { timeoutMs: 60_000 });
        const { crossedAt } = recorder.figures;
        if (crossedAt !== null) recorder.figures.recoverMs = Math.round(stage.time.now() - crossedAt);
        expectNothingWrong(stage, recorder);
      },
    },
  ],
} satisfies Scenario;
