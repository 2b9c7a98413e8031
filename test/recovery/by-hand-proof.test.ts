import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandboxKubernetes, type SandboxKubernetes } from '../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import proveStopped from '../../src/recovery/steps/prove-stopped.ts';
import startServer from '../../src/recovery/steps/start-server.ts';
import stopServer from '../../src/recovery/steps/stop-server.ts';
import { ask, DEPLOYMENTS, deployment, PODS, patchAs, pod } from '../sandbox/kubernetes/ask.ts';
import { CLAIM, POSTGRES } from '../support/place-builders.ts';
import { whyNot } from '../support/programs.ts';

const MISSING = whyNot('kubectl');
const PARAMS = { workload: POSTGRES, claim: CLAIM };
const NODE = '/api/v1/nodes/node-1';
const ATTACHMENTS = '/apis/storage.k8s.io/v1/volumeattachments';
const IN_USE = 'kubernetes.io/csi/d.csi^12-pvc';
const linesOf = (commands: readonly { readonly run: string | null }[]) => commands.flatMap(({ run }) => run ?? []);

describe.skipIf(MISSING !== null)(`the proof by hand${MISSING ?? ''}`, () => {
  let cluster: SandboxKubernetes;
  let directory: string;

  beforeAll(async () => {
    cluster = await createSandboxKubernetes({ namespaces: ['default', 'kube-node-lease'] });
    directory = await mkdtemp(join(tmpdir(), 'proof-'));
    await writeFile(join(directory, 'config'), cluster.kubeconfig());
    // While somebody waits, the kubelet renews its Lease, unless it is told not to.
    const now = '"$(date -u +%Y-%m-%dT%H:%M:%S.%N | cut -c1-26)Z"';
    const renew = `kubectl -n kube-node-lease patch lease/node-1 --type=merge -p '{"spec":{"renewTime":'\\"${now}\\"'}}' > out`;
    await writeFile(join(directory, 'sleep'), `#!/bin/sh\n[ -e silent ] || ${renew}\n`);
    await chmod(join(directory, 'sleep'), 0o755);
    await put('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } });
    await change(`${NODE}/status`, { status: { conditions: [{ type: 'Ready', status: 'True' }], volumesInUse: [] } });
    await put('/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases', {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'node-1' },
      spec: { holderIdentity: 'node-1', renewTime: '2026-01-01T00:00:00.000000Z' },
    });
    const size = { accessModes: ['ReadWriteOnce'] };
    await put('/api/v1/persistentvolumes', {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pv-1' },
      spec: { ...size, csi: { driver: 'd.csi', volumeHandle: '12-pvc' }, capacity: { storage: '1Gi' } },
    });
    await put('/api/v1/namespaces/default/persistentvolumeclaims', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: CLAIM.name },
      spec: { ...size, volumeName: 'pv-1', resources: { requests: { storage: '1Gi' } } },
    });
    await put(DEPLOYMENTS, deployment('postgres', 1));
    await put(PODS, serverPod('postgres-1', { app: 'postgres' }));
    const stop = linesOf(stopServer.manual(PARAMS));
    for (const line of stop.slice(0, 2)) expect(await paste(line)).toMatchObject({ code: 0 });
    await remove(`${PODS}/postgres-1`);
  });
  afterAll(async () => {
    await cluster.close();
    await rm(directory, { recursive: true });
  });

  const put = async (path: string, body: unknown) => expect((await ask(cluster, 'POST', path, body)).status).toBe(201);
  const change = async (path: string, body: unknown) =>
    expect((await ask(cluster, 'PATCH', path, body, patchAs('merge'))).status).toBe(200);
  const remove = (path: string) => ask(cluster, 'DELETE', `${path}?gracePeriodSeconds=0`);
  const serverPod = (name: string, labels: object) => ({
    ...pod(name, { nodeName: 'node-1', volumes: [{ name: 'v', persistentVolumeClaim: { claimName: CLAIM.name } }] }),
    metadata: { name, labels },
  });
  const setNode = (status: object) => change(`${NODE}/status`, { status });
  const file = (name: string, content: string) => writeFile(join(directory, name), content);

  async function paste(line: string) {
    const child = spawn('sh', ['-c', `{ ${line}\n} 2>&1`], {
      cwd: directory,
      env: {
        PATH: `${directory}:${process.env['PATH']}`,
        HOME: directory,
        KUBECONFIG: join(directory, 'config'),
      },
    });
    const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    return { code: code as number, out };
  }

  const [, prove = ''] = linesOf(proveStopped.manual(PARAMS));
  const [, start = ''] = linesOf(startServer.manual(PARAMS));

  async function startProven() {
    const { out } = await paste(start);
    const { body } = await ask(cluster, 'GET', `${DEPLOYMENTS}/postgres`);
    return { out, replicas: body.spec.replicas as number };
  }

  it.each([
    {
      missing: 'a pod of it is left',
      says: 'still there: pod/postgres-2',
      when: () => put(PODS, pod2()),
      after: () => remove(`${PODS}/postgres-2`),
    },
    {
      missing: 'a pod mounts its claim',
      says: 'mounts the claim: debug',
      when: () => put(PODS, serverPod('debug', {})),
      after: () => remove(`${PODS}/debug`),
    },
    {
      missing: 'its node is not Ready',
      says: 'node node-1 is not Ready',
      when: () => setNode({ conditions: [{ type: 'Ready', status: 'Unknown' }] }),
      after: () => setNode({ conditions: [{ type: 'Ready', status: 'True' }] }),
    },
    {
      missing: 'its node does not renew its Lease',
      says: 'the Lease of node-1 is not renewed',
      when: () => file('silent', ''),
      after: () => unlink(join(directory, 'silent')),
    },
    {
      missing: 'a node has the volume in use',
      says: 'the volume is in use on node-1',
      when: () => setNode({ volumesInUse: [IN_USE] }),
      after: () => setNode({ volumesInUse: [] }),
    },
    {
      missing: 'its volume is attached to a node that is not known',
      says: 'node node-2 is not Ready',
      when: () => put(ATTACHMENTS, attachment()),
      after: () => remove(`${ATTACHMENTS}/a`),
    },
    {
      missing: 'somebody has scaled it up',
      says: 'scaled up, or made anew',
      when: () => change(`${DEPLOYMENTS}/postgres`, { spec: { replicas: 2 } }),
      after: () => change(`${DEPLOYMENTS}/postgres`, { spec: { replicas: 0 } }),
    },
  ])('starts nothing while $missing', async ({ says, when, after }) => {
    await when();
    const { out, replicas } = await startProven();
    await after();
    expect(out.match(/^NOT PROVEN: .*/gm)).toEqual([expect.stringContaining(says)]);
    expect(replicas).toBe(says.startsWith('scaled') ? 2 : 0);
  });

  it.each([
    { missing: 'it was made anew', was: /uid='.*'/, is: "uid='other'", says: 'scaled up, or made anew' },
    { missing: 'its claim has another volume', was: /pv='.*'/, is: "pv='pv-0'", says: 'scaled up, or made anew' },
    {
      missing: 'no driver tells where it is in use',
      was: /volume='.*'/,
      is: "volume='kubernetes.io/csi/^'",
      says: 'not a',
    },
    // Such a volume is not in use under a name that sed, or a template, made of it: what is no plain word proves nothing.
    {
      missing: 'the name of its volume is no plain word',
      was: /volume='.*'/,
      is: "volume='kubernetes.io/csi/d.csi^12&pvc'",
      says: 'the volume is in use on node-1',
      inUse: 'kubernetes.io/csi/d.csi^12&pvc',
    },
    { missing: 'no node was written down', was: /nodes='.*'/, is: "nodes=''", says: 'is not whole' },
    { missing: 'its pods were not written down', was: /selector='.*'/, is: "selector=''", says: 'is not whole' },
  ])('starts nothing where $missing', async ({ was, is, says, inUse = null }) => {
    await setNode({ volumesInUse: inUse === null ? [] : [inUse] });
    const before = await readFile(join(directory, 'server-before'), 'utf8');
    await file('server-before', before.replace(was, is));
    const { out, replicas } = await startProven();
    await file('server-before', before);
    await setNode({ volumesInUse: [] });
    expect(out).toMatch(new RegExp(`^NOT PROVEN: .*${says}`, 'm'));
    expect(replicas).toBe(0);
  });

  it('takes the note of a former stop for none of this one, and loses neither', async () => {
    const [note = ''] = linesOf(stopServer.manual(PARAMS));
    const { out } = await paste(note);
    const proof = await paste(prove);
    await paste('mv server-before.old server-before');
    expect([out, proof.out]).toEqual(['', 'NOT PROVEN: no file server-before here\n']);
    expect(await readFile(join(directory, 'server-before'), 'utf8')).toContain("nodes='node-1'");
  });

  it('starts nothing while the API server refuses', async () => {
    const { out, code } = await paste(`KUBECONFIG=nowhere\n${start}`);
    expect(out).not.toMatch(/^PROVEN/m);
    expect(code).not.toBe(0);
  });

  it('starts nothing where nobody knows where the server was, and asks for the node', async () => {
    const [note = ''] = linesOf(proveStopped.manual(PARAMS));
    expect((await paste(note.replaceAll('server-before', 'elsewhere'))).out).toContain("nodes='NODE'");
    const unknown = await paste(prove.replaceAll('server-before', 'elsewhere'));
    expect(unknown.out).toContain('NOT PROVEN: node NODE is not Ready');
    expect((await paste(prove.replaceAll('server-before', 'nothing'))).out).toBe('NOT PROVEN: no file nothing here\n');
  });

  it('starts it once all of it is seen', async () => {
    const { out, replicas } = await startProven();
    expect(out).toMatch(/^PROVEN: the old server is gone from node-1$/m);
    expect(replicas).toBe(1);
  });

  const attachment = () => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    metadata: { name: 'a' },
    spec: { attacher: 'd.csi', nodeName: 'node-2', source: { persistentVolumeName: 'pv-1' } },
  });
  const pod2 = () => ({ ...pod('postgres-2', {}), metadata: { name: 'postgres-2', labels: { app: 'postgres' } } });
});
