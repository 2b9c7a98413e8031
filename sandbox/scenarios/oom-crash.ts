import { findHarm } from '../drill/expect-restarted.ts';
import { textOf } from '../drill/read-message.ts';
import { requestRecovery, standOf } from '../drill/recover.ts';
import { expectNothingWrong, messagesOf, seeAlert, UNREACHABLE } from '../drill/see-alerts.ts';
import { holdRecovery, letRecover, writeMuch } from '../postgres/crash.ts';
import { demandCluster } from '../stage/cluster/demand-cluster.ts';
import { readWorkloads } from '../stage/cluster/watch-workloads.ts';
import type { Scenario } from './scenario.ts';

const RECOVERING = 'database-recovering · main · server';
const TIME_SCALE = 5;

/** One of the team's later outages (product.md §1): a restart would only begin the recovery again. */
export default {
  name: 'oom-crash',
  summary: 'The kernel kills PostgreSQL for want of memory: `/db recover` says to wait, and it recovers by itself.',
  stage: { timeScale: TIME_SCALE, cluster: true, ledger: true },
  acts: [
    {
      title: 'A busy day, on which somebody keeps writing',
      async play(stage) {
        await writeMuch(stage.postgres);
        await stage.ledger?.writes(50);
      },
    },
    {
      title: 'The kernel kills the server; its kubelet starts it again',
      async play(stage) {
        demandCluster(stage).killServerForMemory();
        await holdRecovery(() => stage.postgres.pid);
      },
      async respond(stage, recorder) {
        const { firstPostAt } = await seeAlert(stage, RECOVERING, 'firing');
        recorder.figures.crossedAt = recorder.actBeganAt();
        recorder.figures.detectMs = Math.round(firstPostAt - recorder.actBeganAt());
        const asked = demandCluster(stage).kubernetes.requests.length;
        const advice = await requestRecovery(stage, 'remy');
        recorder.expect(/\bwait\b/i.test(textOf(advice)), 'it recommends to wait');
        recorder.expect(standOf(advice) === 'over', 'there is nothing to approve');
        const changed = demandCluster(stage).kubernetes.requests.slice(asked);
        recorder.expect(!changed.some(({ method }) => method === 'PATCH'), 'and nothing was changed');
      },
    },
    {
      title: 'The recovery comes to its end by itself',
      play: async ({ postgres }) => letRecover(postgres),
      async respond(stage, recorder) {
        await seeAlert(stage, RECOVERING, 'resolved', { timeoutMs: 60_000 });
        const { crossedAt } = recorder.figures;
        if (crossedAt !== null) recorder.figures.recoverMs = Math.round(stage.time.now() - crossedAt);
        recorder.expect(messagesOf(stage, UNREACHABLE).length === 0, 'nobody was called to an unreachable database');
        const { api } = demandCluster(stage).kubernetes;
        const faults = await findHarm(stage, { dependents: ['site', 'metricity'], workloads: readWorkloads(api) });
        for (const fault of faults) recorder.expect(false, fault);
        recorder.expect(faults.length === 0, 'every acknowledged row is there, and the clients are back');
        expectNothingWrong(stage, recorder);
      },
    },
  ],
} satisfies Scenario;
