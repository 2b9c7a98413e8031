import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { comesToHold } from '../../../sandbox/drill/see-alerts.ts';
import cronJobs from '../../../sandbox/kubernetes/resources/cron-jobs.ts';
import jobs from '../../../sandbox/kubernetes/resources/jobs.ts';
import nodes from '../../../sandbox/kubernetes/resources/nodes.ts';
import persistentVolumes from '../../../sandbox/kubernetes/resources/persistent-volumes.ts';
import pods from '../../../sandbox/kubernetes/resources/pods.ts';
import staleDeployment from '../../../sandbox/scenarios/stale-deployment.ts';
import { countOrphaned } from '../../../sandbox/stage/cluster/count-orphaned.ts';
import type { StageCluster } from '../../../sandbox/stage/cluster/set-cluster.ts';
import { type Stage, setStage } from '../../../sandbox/stage/set-stage.ts';
import { formatAccess, listNeededAccess } from '../../../src/check/access-questions.ts';
import type { Config } from '../../../src/config/config.ts';
import { createKubernetes, type Kubernetes } from '../../../src/kubernetes/create-kubernetes.ts';
import { systemClock } from '../../../src/time/system-clock.ts';
import { createRecordedLog } from '../../support/recorded-log.ts';

let stage: Stage;
let cluster: StageCluster;
beforeAll(async () => {
  stage = await setStage({ ...staleDeployment.stage, startBot: false });
  if (stage.cluster === null) throw new Error('the stage has no cluster');
  ({ cluster } = stage);
}, 120_000);
afterAll(() => stage.close());

async function ask(sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ ...stage.postgres.superuser, ssl: false });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const listPods = (app: string) =>
  cluster.kubernetes.api.list(pods, 'default').filter(({ metadata }) => metadata.labels?.['app'] === app);

describe('a stage with a cluster', () => {
  it('has its server as a pod on its volume, and reachable at its service and at its pod', async () => {
    const [pod] = listPods('postgres');
    const [volume] = cluster.kubernetes.api.list(persistentVolumes, null);
    expect(volume?.spec).toMatchObject({ csi: { volumeHandle: expect.stringMatching(/^123456-/) as string } });
    expect(cluster.kubernetes.api.get(nodes, null, pod?.spec.nodeName)?.status.volumesInUse).toEqual([
      `kubernetes.io/csi/linodebs.csi.linode.com^${volume?.spec.csi.volumeHandle}`,
    ]);
    const there = new Client({ ...stage.postgres.superuser, host: pod?.status.podIP, ssl: false });
    await there.connect();
    await there.end();
  });

  it('tells the bot where all of it is by its configuration alone', () => {
    const directory = dirname(stage.postgres.dataDirectory);
    const config = parse(readFileSync(join(directory, 'breakwater.yaml'), 'utf8')) as {
      readonly kubernetes: unknown;
      readonly databases: readonly [{ readonly applications: readonly unknown[] }];
    };
    expect(config.kubernetes).toEqual({ kubeconfig: './kubeconfig', podCidrs: ['127.20.0.0/16'] });
    expect(config.databases[0]).toMatchObject({
      workload: 'default/deployment/postgres',
      claim: 'default/persistentvolumeclaim/postgres-storage',
      backup: { cronJob: 'default/cronjob/blackbox', maxAge: '26h' },
    });
    expect(config.databases[0].applications[0]).toMatchObject({ workload: 'default/deployment/site', limit: 32 });
    expect(readFileSync(join(directory, 'kubeconfig'), 'utf8')).toContain(cluster.kubernetes.url);
  });

  it('has the server started again by its kubelet when it was killed, with what it held', async () => {
    await stage.observer.run('create table kept as select 7 as n');
    await stage.observer.run('checkpoint');
    await stage.postgres.kill('SIGKILL');
    await comesToHold(async () => stage.postgres.pid !== null && (await stage.observer.count().catch(() => 0)) > 0);
    expect(await ask('select n from kept')).toEqual([{ n: 7 }]);
    expect(listPods('postgres')[0]?.status.containerStatuses[0]).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 137 } },
    });
    await comesToHold(() => [...stage.pods.values()].flat().every((player) => player.count() > 0));
  });
});

describe('a backup', () => {
  it('runs as a Job of its CronJob, succeeds, and says its size in its log', async () => {
    const { api, url } = cluster.kubernetes;
    const spec: object = api.get(cronJobs, 'default', 'blackbox')?.spec.jobTemplate.spec;
    api.create(jobs, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'by-hand', namespace: 'default' },
      spec,
    });
    expect(await comesToHold(() => api.get(jobs, 'default', 'by-hand')?.status?.succeeded === 1)).toBe(true);
    const [pod] = listPods('blackbox');
    const log = await fetch(`${url}/api/v1/namespaces/default/pods/${pod?.metadata.name}/log?tailLines=2`, {
      headers: { authorization: 'Bearer admin-token' },
    });
    expect(await log.text()).toBe('size_bytes=48213504\nbackup complete\n');
  });
});

describe('the bot with the rights of k8s/', () => {
  let kubernetes: Kubernetes;
  beforeAll(async () => {
    const kubeconfig = join(dirname(stage.postgres.dataDirectory), 'kubeconfig');
    const config = { kubeconfig };
    kubernetes = await createKubernetes({
      config,
      environment: {},
      clock: systemClock,
      log: createRecordedLog(),
      random: () => 1,
    });
  });
  afterAll(() => kubernetes.close());

  it('may do all that it asks for', async () => {
    const source = readFileSync(join(dirname(stage.postgres.dataDirectory), 'breakwater.yaml'), 'utf8');
    const { databases } = parse(source) as { readonly databases: readonly object[] };
    const config = { databases: databases.map((each) => Object.assign({ dependents: [] }, each)) } as unknown as Config;
    const questions = listNeededAccess(config).map(({ question }) => question);
    expect(questions.map(formatAccess)).toContain('patch deployments.apps in default');
    const reviewed = await kubernetes.access.review(questions);
    expect(reviewed.ok && reviewed.value.filter(({ allowed }) => !allowed)).toEqual([]);
  });

  it('captures the evidence of a server that was started again, without gaps and passwords', async () => {
    const name = listPods('postgres')[0]?.metadata.name ?? '';
    const workload = { namespace: 'default', kind: 'deployment', name: 'postgres' };
    const claim = { namespace: 'default', kind: 'persistentvolumeclaim', name: 'postgres-storage' };
    const { files, gaps } = await kubernetes.evidence.capture({ workload, claim }, 30_000);
    expect(gaps).toEqual([]);
    expect(files.map((file) => file.name)).toEqual([
      'deployment-postgres.yaml',
      'events.yaml',
      'nodes.yaml',
      expect.stringMatching(/^persistentvolume-pvc-/),
      'persistentvolumeclaim-postgres-storage.yaml',
      'pods.yaml',
      `${name}.postgres.log`,
      `${name}.postgres.previous.log`,
      'replicasets.yaml',
      'services.yaml',
      'volumeattachments.yaml',
    ]);
  });

  it('holds an application and releases it, and sees its node alive', async () => {
    const reference = { namespace: 'default', kind: 'deployment', name: 'metabase' };
    const read = await kubernetes.objects.readWorkload(reference);
    const { uid = '', desired = 0 } = (read.ok && read.value) || {};
    const node = listPods('metabase')[0]?.spec.nodeName as string;
    const hold = { reference, uid, from: desired, to: 0, held: 'remember' } as const;
    expect(await kubernetes.changes.scale(hold)).toEqual({ kind: 'done' });
    expect(await comesToHold(() => listPods('metabase').length === 0)).toBe(true);
    const release = { reference, uid, from: 0, to: desired, held: 'forget' } as const;
    expect(await kubernetes.changes.scale(release)).toEqual({ kind: 'done' });
    await cluster.settled('metabase');
    const lease = await kubernetes.inventory.readNodeLease(node);
    expect(lease.ok && Number(lease.value) > 0).toBe(true);
    expect(await kubernetes.inventory.listScalers('default')).toMatchObject({ ok: true, value: [] });
    const neighbours = await kubernetes.inventory.listWorkloads('default');
    expect(neighbours.ok && neighbours.value.map((each) => each.reference.name)).toContain('metabase');
  });
});

describe('an application that crashes', () => {
  it('is told with what ended it and what it printed, and waits', async () => {
    const { kubelets, kubernetes } = cluster;
    const [pod] = listPods('grafana');
    const name = pod?.metadata.name ?? '';
    kubelets.crashLoop('grafana', true);
    kubelets.killForMemory(name);
    const container = () => listPods('grafana')[0]?.status.containerStatuses[0];
    expect(await comesToHold(() => container()?.state.waiting?.reason === 'CrashLoopBackOff')).toBe(true);
    expect(container()?.lastState.terminated).toMatchObject({ exitCode: 1, reason: 'Error' });
    const log = await fetch(`${kubernetes.url}/api/v1/namespaces/default/pods/${name}/log`, {
      headers: { authorization: 'Bearer admin-token' },
    });
    expect(await log.text()).toBe('KeyError: DATABASE_URL\n');
    kubelets.crashLoop('grafana', false);
    kubernetes.api.delete(pods, 'default', name);
    await cluster.settled('grafana');
  });
});

describe('a node that dies', () => {
  it('keeps the sessions of its pods open, and goes on with them when it comes back', async () => {
    const { api } = cluster.kubernetes;
    const server = listPods('postgres')[0]?.spec.nodeName;
    const name = ['metabase', 'metricity', 'bitwarden', 'grafana'].find(
      (each) => listPods(each)[0]?.spec.nodeName !== server,
    );
    if (name === undefined) throw new Error('all run on one node');
    const [pod] = listPods(name);
    const { nodeName } = pod?.spec ?? {};
    const [player] = cluster.pods(name);
    const sessions = player?.count() ?? 0;
    cluster.kubelets.killNode(nodeName, { sockets: 'stay' });
    api.delete(pods, 'default', pod?.metadata.name ?? '', { gracePeriodSeconds: 1 });
    await delay(1_500);
    const log = await fetch(`${cluster.kubernetes.url}/api/v1/namespaces/default/pods/${pod?.metadata.name}/log`, {
      headers: { authorization: 'Bearer admin-token' },
    });
    expect([log.status, await log.text()]).toEqual([500, expect.stringContaining('i/o timeout')]);
    expect(listPods(name).some(({ metadata }) => metadata.uid === pod?.metadata.uid)).toBe(true);
    const held = `select count(*)::int as n from pg_stat_activity where client_addr = '${pod?.status.podIP}'`;
    expect(await ask(held)).toEqual([{ n: sessions }]);
    cluster.kubelets.reviveNode(nodeName);
    await comesToHold(() => listPods(name).every(({ metadata }) => metadata.uid !== pod?.metadata.uid));
    expect(await comesToHold(async () => (await ask(held))[0]?.['n'] === 0)).toBe(true);
    await cluster.settled(name);
  });
});

describe('stale-deployment', () => {
  it('leaves 71 of 97 sessions to nobody, which may all be ended without the living noticing', async () => {
    await cluster.rollOut('site');
    for (const act of staleDeployment.acts.slice(1, 3)) await act.play(stage);
    expect(await stage.observer.count()).toBe(97);
    expect(await countOrphaned(stage)).toBe(71);
    const live = listPods('site').map(({ status }) => String(status.podIP));
    expect(live).toHaveLength(3);
    await ask(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where client_addr <<= '127.20.0.0/16' and usename = 'site'
         and not host(client_addr) = any ('{${live.join()}}')`,
    );
    expect(await comesToHold(async () => (await countOrphaned(stage)) === 0)).toBe(true);
    const used = `select count(*)::int as n from pg_stat_activity where usename = 'site' and state_change > now() - interval '2 s'`;
    expect(await comesToHold(async () => (await ask(used))[0]?.['n'] === 26 - 11 - 1)).toBe(true);
    expect(cluster.pods('site').map((player) => player.lost())).toEqual([0, 0, 0]);
    await cluster.scale('site', 2);
    await comesToHold(() => listPods('site').length === 2);
    expect(await countOrphaned(stage), 'only an old revision leaves its sessions behind').toBe(0);
  }, 60_000);

  it('never had two servers on its volume', () => {
    expect(cluster.kubelets.twoPostmasters).toEqual([]);
  });
});
