import { expect, it } from 'vitest';
import { startPlace } from '../../src/bot-place.ts';
import { seen } from '../../src/model/observed.ts';
import { group, NOW } from '../support/builders.ts';
import { createFakeCluster } from '../support/fake-cluster.ts';
import { detailed } from '../support/looking.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { clusterState, orphanGroup, orphanReport, pod } from '../support/place-builders.ts';

const DATABASE = {
  workload: 'default/deployment/postgres',
  claim: 'default/persistentvolumeclaim/postgres-storage',
  dependents: ['default/deployment/site'],
  backup: { cronJob: 'default/cronjob/backup', maxAgeMs: 1_000 },
  applications: [],
  protect: [],
};

async function start(podCidrs: readonly string[], database: Parameters<typeof startPlace>[0]['database'] = DATABASE) {
  const clock = createManualClock(NOW);
  const { asked, cluster, objects, backupJobs, now } = createFakeCluster();
  now.state = seen(clusterState({ pods: [pod('postgres'), pod('site', { ready: false })] }), NOW);
  now.list = now.state;
  const wired = startPlace({
    database,
    kubernetes: { podCidrs, excludeAddresses: [] },
    cluster,
    objects,
    backups: backupJobs,
    sessions: () => seen([group({ address: '10.2.0.66' })], NOW),
    actions: { readDetails: async () => seen([detailed()], NOW), readPoolerPids: async () => seen(new Set(), NOW) },
    reportOrphans: () => orphanReport([orphanGroup()]),
    clock,
  });
  await clock.advance(1);
  return { wired, asked, clock };
}

it('watches what the configuration names', async () => {
  const { wired, asked, clock } = await start(['10.2.0.0/16']);
  expect(asked.toSorted()).toEqual([
    'backups',
    'events site-6f7d-abcde',
    'list',
    'storage',
    'workload default/deployment/postgres',
    'workload default/deployment/site',
  ]);
  expect(wired.place()).toMatchObject({
    workload: { role: 'database', reference: { name: 'postgres' }, pods: { value: [{ name: 'postgres-6f7d-abcde' }] } },
    dependents: [{ role: 'dependent', reference: { name: 'site' } }],
    node: { value: { name: 'node-1' } },
    backups: { found: { ok: true }, maxAgeMs: 1_000 },
    orphans: { value: { count: 31 } },
  });
  wired.recount();
  await clock.advance(1);
  expect(asked.filter((each) => each === 'list')).toHaveLength(2);
  await wired.stop();
  expect(clock.sleeping()).toEqual([]);
});

it('asks for nothing where nothing is named, and counts no orphans without pod networks', async () => {
  const nothing = { ...DATABASE, workload: undefined, claim: undefined, dependents: [], backup: undefined };
  const { wired, asked } = await start([], nothing);
  expect(asked).toEqual([]);
  expect(wired.place()).toMatchObject({ workload: null, node: null, storage: null, backups: null, orphans: null });
  await wired.stop();
});
