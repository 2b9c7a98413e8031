import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeChange, findHarm, listRestart } from '../../../sandbox/drill/expect-restarted.ts';
import { comesToHold } from '../../../sandbox/drill/see-alerts.ts';
import deployments from '../../../sandbox/kubernetes/resources/deployments.ts';
import pods from '../../../sandbox/kubernetes/resources/pods.ts';
import type { Ledger } from '../../../sandbox/players/ledger.ts';
import { holdRecovery, letRecover, writeMuch } from '../../../sandbox/postgres/crash.ts';
import { leakUntilFull } from '../../../sandbox/stage/cluster/leak-until-full.ts';
import type { StageCluster } from '../../../sandbox/stage/cluster/set-cluster.ts';
import { readWorkloads, watchWorkloads } from '../../../sandbox/stage/cluster/watch-workloads.ts';
import { type Stage, setStage } from '../../../sandbox/stage/set-stage.ts';

const GRACE_SECONDS = 2;
let stage: Stage;
let cluster: StageCluster;
let ledger: Ledger;
beforeAll(async () => {
  stage = await setStage({ cluster: { graceSeconds: GRACE_SECONDS }, ledger: true, startBot: false });
  if (stage.cluster === null) throw new Error('the stage has no cluster');
  ({ cluster } = stage);
  if (stage.ledger === null) throw new Error('the stage has no ledger');
  ({ ledger } = stage);
  await ledger.writes(5);
}, 120_000);
afterAll(() => stage.close());

const podsOf = (app: string) =>
  cluster.kubernetes.api.list(pods, 'default').filter(({ metadata }) => metadata.labels?.['app'] === app);
const containerOf = (app: string) => podsOf(app)[0]?.status.containerStatuses[0];

async function logIn(): Promise<string> {
  const client = new Client({ ...stage.postgres.superuser, ssl: false, connectionTimeoutMillis: 500 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return 'admitted';
  } catch (error) {
    return (error as { code?: string }).code ?? 'no answer';
  }
}

describe.each([
  ['whose postmaster stands still', () => stage.postgres.freeze()],
  ['that stands still with every backend', () => stage.postgres.hang()],
])('a server %s', (_, befall) => {
  it('answers nobody new, is killed when the grace of its deleted pod is over, and comes back whole', async () => {
    await befall();
    expect(await logIn()).toBe('no answer');
    const [before] = podsOf('postgres');
    const pid = stage.postgres.pid;
    const deletedAt = Date.now();
    await Promise.all([
      cluster.scale('postgres', 0),
      comesToHold(() => podsOf('postgres').length === 0).then((gone) => expect(gone).toBe(true)),
    ]);
    expect(Date.now() - deletedAt).toBeGreaterThanOrEqual(GRACE_SECONDS * 1_000 - 100);
    expect(stage.postgres.pids).toEqual([]);
    await cluster.scale('postgres', 1);
    expect(stage.postgres.pid).not.toBe(pid);
    expect(podsOf('postgres')[0]?.metadata.uid).not.toBe(before?.metadata.uid);
    await ledger.writes(5);
    expect(await ledger.verify()).toMatchObject({ complete: true, twice: 0, damaged: 0 });
    expect(cluster.kubelets.twoPostmasters).toEqual([]);
  });
});

describe('a server that is thawed', () => {
  it('goes on with who was in', async () => {
    const logins = ledger.logins();
    await stage.postgres.hang();
    await delay(50); // What was answered before is on its way.
    const written = ledger.acknowledged();
    expect(await logIn()).toBe('no answer');
    expect(ledger.acknowledged(), 'who is in gets no answer either').toBe(written);
    await stage.postgres.thaw();
    await ledger.writes(5);
    expect(ledger.logins()).toBe(logins);
    expect(await logIn()).toBe('admitted');
  });
});

describe('a server that is killed for want of memory', () => {
  it('is started again by its kubelet, recovers as long as it is told, and has every acknowledged row', async () => {
    await writeMuch(stage.postgres);
    const { uid } = podsOf('postgres')[0]?.metadata ?? {};
    const restarts: number = containerOf('postgres').restartCount;
    cluster.killServerForMemory();
    await holdRecovery(() => stage.postgres.pid);
    expect(await comesToHold(async () => (await logIn()) === '57P03')).toBe(true);
    expect(containerOf('postgres')).toMatchObject({
      restartCount: restarts + 1,
      ready: false,
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
    });
    letRecover(stage.postgres);
    await ledger.writes(5);
    expect(await ledger.verify()).toMatchObject({ complete: true, twice: 0, damaged: 0 });
    expect(podsOf('postgres')[0]?.metadata.uid, 'the pod stays the same').toBe(uid);
    expect(cluster.kubelets.twoPostmasters).toEqual([]);
  });
});

describe('an application that leaks', () => {
  it('fills the server, and its restart frees what it held', async () => {
    await comesToHold(() => cluster.pods('site').every((player) => player.count() > 0));
    await leakUntilFull(stage, 'site', { perSecond: 100, slots: 97 });
    expect(await logIn(), 'a superuser has slots of its own').toBe('admitted');
    expect(await stage.observer.countOf('site')).toBeGreaterThan(60);
    await cluster.scale('site', 0);
    expect(await comesToHold(async () => (await stage.observer.countOf('site')) === 0)).toBe(true);
    await cluster.scale('site', 3);
    expect(await comesToHold(async () => (await stage.observer.countOf('site')) === 12)).toBe(true);
  });
});

describe('a neighbour', () => {
  it('breaks down and is mended', async () => {
    cluster.breakDown('redis', true);
    expect(await comesToHold(() => containerOf('redis')?.state.waiting?.reason === 'CrashLoopBackOff')).toBe(true);
    expect(cluster.kubernetes.api.get(deployments, 'default', 'redis')?.status.readyReplicas ?? 0).toBe(0);
    cluster.breakDown('redis', false);
    await cluster.settled('redis');
  });
});

describe('what a recovery must leave as it was', () => {
  const annotations = (held: string | null) =>
    cluster.kubernetes.api.change(deployments, 'default', 'grafana', ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, 'breakwater.dev/held-replicas': held ?? '' };
      if (held === null) delete metadata.annotations['breakwater.dev/held-replicas'];
    });

  it('is found where somebody is still held, and is nothing where all is well', async () => {
    const before = { dependents: ['grafana'], workloads: readWorkloads(cluster.kubernetes.api) };
    expect(await findHarm(stage, before)).toEqual([]);
    await cluster.scale('grafana', 0);
    annotations('1');
    expect(await findHarm(stage, before)).toEqual([
      'grafana has 0 replicas, and had 1',
      'grafana remembers 1 held replicas',
    ]);
    annotations(null);
    await cluster.scale('grafana', 1);
    expect(await findHarm(stage, before)).toEqual([]);
  });

  it('is written down change by change, as a restart would make them', async () => {
    const dependents = ['grafana', 'metabase'];
    const before = { dependents, workloads: readWorkloads(cluster.kubernetes.api) };
    const watched = watchWorkloads(cluster.kubernetes.api);
    for (const name of ['metabase', 'grafana', 'postgres']) await cluster.scale(name, 0);
    for (const name of ['postgres', 'grafana', 'metabase']) await cluster.scale(name, 1);
    annotations('1');
    annotations(null);
    watched.stop();
    const changes = watched.changes.map(describeChange);
    expect(changes.slice(0, -2)).toEqual(listRestart(before));
    expect(changes.at(-2), 'what only an annotation changed').toContain('"held":"1"');
  });
});
