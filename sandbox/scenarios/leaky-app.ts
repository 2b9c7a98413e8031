import { findHarm } from '../drill/expect-restarted.ts';
import { textOf } from '../drill/read-message.ts';
import { confirmRecovery, followRun, requestRecovery, standOf } from '../drill/recover.ts';
import { comesToHold, expectNothingWrong, SITE, seeAlert, TOTAL } from '../drill/see-alerts.ts';
import { demandCluster } from '../stage/cluster/demand-cluster.ts';
import { leakUntilFull } from '../stage/cluster/leak-until-full.ts';
import { readWorkloads, watchWorkloads } from '../stage/cluster/watch-workloads.ts';
import type { Scenario } from './scenario.ts';

const ORDINARY_SLOTS = 97;
const FIRES_AT = 90;
const LEAKED_PER_SECOND = 30;
/** What its pods hold together on a quiet day. */
const QUIET = 12;

/** Django under ASGI with CONN_MAX_AGE leaks (facts.md, PostgreSQL 12): its sessions have an owner, which must go to free them. */
export default {
  name: 'leaky-app',
  summary:
    'The pods of `site` open sessions until nobody else gets in; restarting `site`, and nothing else, frees them.',
  stage: { cluster: true, ledger: true },
  acts: [
    {
      title: 'A quiet day, on which somebody keeps writing',
      play: async ({ ledger }) => ledger?.writes(50),
    },
    {
      title: '`site` leaks until the server is full',
      play: (stage) => leakUntilFull(stage, 'site', { perSecond: LEAKED_PER_SECOND, slots: ORDINARY_SLOTS }),
      async respond(stage, recorder) {
        const { firstPostAt } = await seeAlert(stage, TOTAL, 'firing');
        await seeAlert(stage, SITE, 'firing');
        const crossedAt = await stage.observer.crossedAt(FIRES_AT);
        recorder.figures.crossedAt = crossedAt;
        if (crossedAt !== null) recorder.figures.detectMs = Math.round(firstPostAt - crossedAt);
      },
    },
    {
      title: 'A responder asks what to do, and restarts the application',
      play: async () => {},
      async respond(stage, recorder) {
        const { api } = demandCluster(stage).kubernetes;
        const before = { dependents: ['site'], workloads: readWorkloads(api) };
        const logins = stage.ledger?.logins();
        const watched = watchWorkloads(api);
        const plan = await requestRecovery(stage, 'remy');
        const text = textOf(plan);
        recorder.expect(text.includes('restart-application'), 'it recommends restart-application');
        recorder.expect(text.includes('site'), 'it says whose sessions they are');
        recorder.expect(standOf(plan) === 'requested', 'one click of a responder suffices');
        await confirmRecovery(stage, 'remy', plan, 'site');
        await followRun(stage, recorder, plan);
        watched.stop();
        const touched = new Set(watched.changes.map(({ workload }) => workload));
        recorder.expect([...touched].join() === 'site', `only site was touched: ${[...touched].join(', ')}`);
        const isDown = async () => (await stage.observer.countOf('site')) <= QUIET;
        recorder.expect(await comesToHold(isDown), 'its connections are down to those of a quiet day');
        for (const fault of await findHarm(stage, before)) recorder.expect(false, fault);
        recorder.expect(stage.ledger?.logins() === logins, 'nobody else lost a session');
        await Promise.all([TOTAL, SITE].map((key) => seeAlert(stage, key, 'resolved')));
        const { crossedAt } = recorder.figures;
        if (crossedAt !== null) recorder.figures.recoverMs = Math.round(Date.now() - crossedAt);
        expectNothingWrong(stage, recorder);
      },
    },
  ],
} satisfies Scenario;
