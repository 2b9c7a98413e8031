import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comesToHold } from '../../../sandbox/drill/see-alerts.ts';
import deployments from '../../../sandbox/kubernetes/resources/deployments.ts';
import pods from '../../../sandbox/kubernetes/resources/pods.ts';
import { type Ledger, openLedger } from '../../../sandbox/players/ledger.ts';
import { holdRecovery, letRecover, writeMuch } from '../../../sandbox/postgres/crash.ts';
import { leakUntilFull } from '../../../sandbox/stage/cluster/leak-until-full.ts';
import type { StageCluster } from '../../../sandbox/stage/cluster/set-cluster.ts';
import { type Stage, setStage } from '../../../sandbox/stage/set-stage.ts';

const GRACE_SECONDS = 2;
let stage: Stage;
let cluster: StageCluster;
let ledger: Ledger;
beforeAll(async () => {
  stage = await setStage({ cluster: { graceSeconds: GRACE_SECONDS }, startBot: false });
  if (stage.cluster === null) throw new Error('the stage has no cluster');
  ({ cluster } = stage);
  ledger = await openLedger(stage.postgres.superuser);
  await ledger.writes(5);
}, 120_000);
afterAll(async () => {
  await ledger.close();
  await stage.close();
});

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
    expect(await logIn()).toBe('no answer');
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
