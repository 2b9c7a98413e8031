import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comesToHold } from '../../../sandbox/drill/see-alerts.ts';
import pods from '../../../sandbox/kubernetes/resources/pods.ts';
import { countOrphaned } from '../../../sandbox/stage/cluster/count-orphaned.ts';
import type { StageCluster } from '../../../sandbox/stage/cluster/set-cluster.ts';
import { type Stage, setStage } from '../../../sandbox/stage/set-stage.ts';
import { changeCluster } from '../../../sandbox/terminal/change-cluster.ts';
import { changeWorld } from '../../../sandbox/terminal/change-world.ts';
import { completeLine } from '../../../sandbox/terminal/complete-line.ts';
import { parseClusterLine } from '../../../sandbox/terminal/parse-cluster-line.ts';
import { runKubectl } from '../../../sandbox/terminal/run-kubectl.ts';

let stage: Stage;
let cluster: StageCluster;
beforeAll(async () => {
  stage = await setStage({ cluster: true, startBot: false });
  if (stage.cluster === null) throw new Error('the stage has no cluster');
  ({ cluster } = stage);
}, 120_000);
afterAll(() => stage.close());

async function type(line: string): Promise<string> {
  const read = parseClusterLine(line);
  if (read === null || !('act' in read)) throw new Error(`${line} is no act`);
  return changeCluster(stage, read.act);
}

const siteOf = () =>
  cluster.kubernetes.api.list(pods, 'default').filter(({ metadata }) => metadata.labels?.['app'] === 'site');
const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);

describe('the terminal in front of a cluster', () => {
  it('lists each pod with its address, revision, node and sessions', async () => {
    const [pod] = siteOf();
    const { podIP } = pod?.status ?? {};
    expect(await type('pods')).toMatch(
      new RegExp(`^${pod?.metadata.name} +${podIP} +1 +${pod?.spec.nodeName} +Running +\\d+s +4$`, 'm'),
    );
  });

  it('leaks from a pod of site', async () => {
    await changeWorld(stage, 'leak', 5);
    expect(sum(cluster.pods('site').map((player) => player.count()))).toBe(17);
  });

  it('a rollout that is abandoned leaves the sessions of its old pods, what leaked too, and says how long to wait', async () => {
    expect(await type('abandon site')).toMatch(/still holds their sessions[^]*a minute old[^]*\/db kill-stale/);
    expect(await countOrphaned(stage)).toBe(17);
    expect((await type('pods')).match(/^\(gone\).*$/gm)).toHaveLength(3);
  });

  it('the next rollout goes as it should', async () => {
    await type('rollout site');
    expect(await comesToHold(() => siteOf().length === 3)).toBe(true);
    expect(await countOrphaned(stage), 'no more than before').toBe(17);
  });

  it('scales, up to what this machine can bear', async () => {
    expect(await type('scale site 4')).toBe('site has 4 pods.');
    expect(cluster.pods('site')).toHaveLength(4);
    await expect(type('scale site 11')).rejects.toThrow('10 at most');
    await expect(type('scale sight 3')).rejects.toThrow('There is no sight: postgres, redis, site');
    await expect(type('abandon postgres')).rejects.toThrow('clients');
  });

  it('kills a pod by the beginning of its name', async () => {
    expect(await type('crash-pod metabase')).toMatch(/^metabase-\S+ was killed/);
    const container = () =>
      cluster.kubernetes.api.list(pods, 'default').find(({ metadata }) => metadata.name.startsWith('metabase'))?.status
        .containerStatuses[0];
    expect(await comesToHold(() => container()?.restartCount === 1)).toBe(true);
    expect(container()?.lastState.terminated.reason).toBe('OOMKilled');
    await expect(type('crash-pod nobody')).rejects.toThrow('There is no pod nobody: ');
  });

  it('breaks a neighbour down and mends it', async () => {
    expect(await type('break redis')).toContain('mend redis');
    const redis = () =>
      cluster.kubernetes.api.list(pods, 'default').find(({ metadata }) => metadata.name.startsWith('redis'));
    const reason = (): unknown => redis()?.status.containerStatuses[0].state.waiting?.reason;
    expect(await comesToHold(() => reason() === 'CrashLoopBackOff')).toBe(true);
    expect(await type('mend redis')).toBe('redis runs again.');
    await expect(type('abandon redis')).rejects.toThrow('clients');
  });

  it('kills the server for want of memory, which recovers when it is thawed', async () => {
    expect(await changeWorld(stage, 'oom', null)).toContain('until thaw');
    await changeWorld(stage, 'thaw', null);
    expect(await comesToHold(() => stage.observer.count().then(Boolean, () => false))).toBe(true);
    await cluster.settled('postgres');
  });

  it('hangs the server with all who are in, until it is thawed', async () => {
    expect(await changeWorld(stage, 'hang', null)).toContain('nobody gets an answer');
    expect(await changeWorld(stage, 'thaw', null)).toMatch(/now holds \d+ sessions/);
  });

  it('takes the API away and brings it back, while what runs goes on', async () => {
    const ask = () => fetch(`${cluster.kubernetes.url}/version`, { headers: { authorization: 'Bearer admin-token' } });
    await type('api outage');
    await expect(ask()).rejects.toThrow();
    expect(await type('scale site 3')).toBe('site has 3 pods.');
    await type('api back');
    expect((await ask()).status).toBe(200);
  });

  it('a node dies and comes back; one that does not exist is told', async () => {
    expect(await type('kill-node lke-node-3')).toContain('revive-node lke-node-3');
    expect(await type('revive-node lke-node-3')).toContain('is back');
    await expect(type('kill-node lke-node-9')).rejects.toThrow('There is no node lke-node-9: lke-node-1');
  });

  it('TAB knows the names of pods, nodes and applications', async () => {
    const [pod] = siteOf();
    expect(await completeLine(stage, 'remy', 'crash-pod site-')).toContain(`crash-pod ${pod?.metadata.name}`);
    expect(await completeLine(stage, 'remy', 'kill-node lke-node-1')).toEqual(['kill-node lke-node-1']);
    expect(await completeLine(stage, 'remy', 'abandon si')).toEqual(['abandon site']);
    expect(await completeLine({ discord: stage.discord, cluster: null } as Stage, 'remy', 'abandon')).toEqual([]);
  });

  it('a stage without a cluster says so', async () => {
    await expect(changeCluster({ cluster: null } as Stage, { verb: 'pods' })).rejects.toThrow('has no cluster');
  });
});

describe('kubectl in the terminal', () => {
  it('says how to use one of your own where none is installed, with a file that the server takes along', async () => {
    const told = await runKubectl(stage, ['get', 'pods'], '/nowhere');
    const [, file = ''] = /There is no kubectl.*KUBECONFIG=(\S+)$/.exec(told) ?? [];
    expect(await readFile(file, 'utf8')).toContain(cluster.kubernetes.url);
    expect(file.startsWith(join(stage.postgres.dataDirectory, '..'))).toBe(true);
  });

  it('runs what is installed, on this cluster, and gives what it wrote', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'breakwater-kubectl-'));
    const program = join(directory, 'kubectl');
    await writeFile(program, '#!/bin/sh\necho "$@"; cat "$KUBECONFIG" >&2\n');
    await chmod(program, 0o755);
    expect(await runKubectl(stage, ['get', 'a b'], directory)).toMatch(/^get a b\n[^]*current-context/);
    await rm(directory, { recursive: true });
  });
});
