import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createSandboxKubernetes,
  type SandboxKubernetes,
} from '../../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import { ask, configMap, DEPLOYMENTS, deployment, PODS, patchAs, pod } from './ask.ts';

/** The real one, where the system has it. A bare machine has none, which is no fault (not even with REQUIRE_ALL). */
const KUBECTL =
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((directory) => join(directory, 'kubectl'))
    .find((file) => existsSync(file)) ?? null;

describe.skipIf(KUBECTL === null)(`kubectl${KUBECTL === null ? ' (skipped: none in the PATH)' : ''}`, () => {
  let cluster: SandboxKubernetes;
  let directory: string;

  async function kubectl(args: string, input: unknown = ''): Promise<string> {
    const child = spawn(KUBECTL ?? 'kubectl', args.split(' '), {
      env: { PATH: process.env['PATH'], HOME: directory, KUBECONFIG: join(directory, 'config') },
    });
    child.stdin.end(typeof input === 'string' ? input : JSON.stringify(input));
    const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return out + errors;
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kubectl-'));
    cluster = await createSandboxKubernetes({ logs: () => 'said\n' });
    await writeFile(join(directory, 'config'), cluster.kubeconfig());
  });
  afterAll(async () => {
    await cluster.close();
    await rm(directory, { recursive: true });
  });

  it('applies, applies again, shows and deletes', async () => {
    expect(await kubectl('apply -f -', configMap('a', { k: '1' }))).toBe('configmap/a created\n');
    expect(await kubectl('apply -f -', configMap('a', { k: '1' }))).toBe('configmap/a unchanged\n');
    expect(await kubectl('get cm a')).toMatch(/^NAME +DATA +AGE\na +1 +\d+s\n$/);
    expect(await kubectl('get cm a -o jsonpath={.data.k}')).toBe('1');
    expect(await kubectl('delete cm a')).toContain('configmap "a" deleted');
    expect(await kubectl('get cm a')).toBe('Error from server (NotFound): configmaps "a" not found\n');
  });

  it('scales a Deployment, and describes it', async () => {
    expect(await kubectl('apply -f -', deployment('d', 2))).toBe('deployment.apps/d created\n');
    expect(await kubectl('scale deployment d --replicas=0')).toBe('deployment.apps/d scaled\n');
    expect((await ask(cluster, 'GET', `${DEPLOYMENTS}/d`)).body.spec.replicas).toBe(0);
    expect(await kubectl('get deploy -o wide')).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR\nd +0\/0 +0 +0 +\d+s +c +x +app=d\n$/,
    );
    expect(await kubectl('describe deployment d')).toMatch(/Replicas: +0 desired/);
    expect(await kubectl('delete deployment d --cascade=foreground --wait=false')).toContain('deleted');
    expect((await ask(cluster, 'GET', `${DEPLOYMENTS}/d`)).body.metadata.finalizers).toEqual(['foregroundDeletion']);
  });

  it('shows pods and their logs, and waits for one to be ready', async () => {
    await ask(cluster, 'POST', PODS, pod('p', { nodeName: 'node-a' }));
    const ready = { phase: 'Running', podIP: '10.0.0.7', conditions: [{ type: 'Ready', status: 'True' }] };
    await ask(cluster, 'PATCH', `${PODS}/p/status`, { status: ready }, patchAs('merge'));
    expect(await kubectl('get pods -o wide')).toMatch(
      /\np +0\/1 +Running +0 +\d+s +10\.0\.0\.7 +node-a +<none> +<none>\n$/,
    );
    expect(await kubectl('logs p')).toBe('said\n');
    expect(await kubectl('wait pod/p --for=condition=Ready --timeout=5s')).toBe('pod/p condition met\n');
    expect(await kubectl('delete pod p --force')).toContain('pod "p" force deleted');
  });

  it('finds out what is there', async () => {
    expect(await kubectl('api-resources --api-group=apps -o name')).toBe(
      'deployments.apps\nreplicasets.apps\nstatefulsets.apps\n',
    );
    expect(await kubectl('get ns')).toMatch(/^NAME +STATUS +AGE\ndefault +Active/);
    expect(await kubectl('get all -n kube-system')).toBe('No resources found in kube-system namespace.\n');
  });
});
