import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandboxKubernetes, type SandboxKubernetes } from '../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import { quoteShell } from '../../src/recovery/shell-words.ts';
import type { ManualCommand } from '../../src/recovery/step.ts';
import { loadSteps } from '../../src/recovery/step-catalogue.ts';
import holdClient from '../../src/recovery/steps/hold-client.ts';
import proveStopped from '../../src/recovery/steps/prove-stopped.ts';
import restart from '../../src/recovery/strategies/restart.ts';
import { ask, DEPLOYMENTS, deployment, PODS, pod } from '../sandbox/kubernetes/ask.ts';
import { CLAIM, POSTGRES, SITE } from '../support/place-builders.ts';
import { restartSettings } from './strategies/facts-of-restart.ts';

const KUBECTL = (process.env['PATH'] ?? '').split(delimiter).some((path) => existsSync(join(path, 'kubectl')));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'by-hand-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** As a person would: pasted into a shell. */
async function paste(line: string): Promise<{ readonly code: number; readonly out: string; readonly errors: string }> {
  const child = spawn('sh', ['-c', line], {
    cwd: directory,
    env: { PATH: process.env['PATH'], HOME: directory, KUBECONFIG: join(directory, 'config') },
  });
  const [out, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: code as number, out, errors };
}

const linesOf = (commands: readonly ManualCommand[]): readonly string[] => commands.flatMap(({ run }) => run ?? []);

describe('the commands by hand', () => {
  it('are there for every step of the outline, in words, and are lines that a shell can read', async () => {
    const catalogue = await loadSteps();
    const settings = restartSettings({ pgbouncer: { host: 'pooler', port: 6432, user: 'it' }, dependents: [] });
    for (const outlined of [restart.outline(restartSettings()), restart.outline(settings)]) {
      if (outlined.kind !== 'steps') throw new Error(outlined.reason);
      for (const { kind, params } of outlined.steps) {
        const step = catalogue.get(kind);
        if (step === undefined) throw new Error(kind);
        const parsed = step.params.parse(params);
        const commands = [...step.manual(parsed), ...(step.undo?.manual(parsed) ?? [])];
        expect(commands).not.toEqual([]);
        expect(step.title(parsed)).toMatch(/^[A-Z]/);
        expect(commands.filter(({ say }) => say === '')).toEqual([]);
        for (const line of linesOf(commands))
          expect([line, (await paste(`sh -n -c ${quoteShell(line)}`)).code]).toEqual([line, 0]);
      }
    }
  });

  it('quote any word so that the shell gives it back', async () => {
    const words = fc.sample(fc.string({ unit: 'grapheme-ascii', maxLength: 20 }), 200);
    const { out } = await paste(`printf '%s\\n' ${words.map(quoteShell).join(' ')}`);
    expect(out.split('\n').slice(0, -1)).toEqual(words);
    expect(quoteShell("$(rm -rf ~); it's")).toBe(`'$(rm -rf ~); it'\\''s'`);
  });
});

describe.skipIf(!KUBECTL)(`kubectl, by hand${KUBECTL ? '' : ' (skipped: none in the PATH)'}`, () => {
  let cluster: SandboxKubernetes;
  const specOf = async (name: string) => {
    const { body } = await ask(cluster, 'GET', `${DEPLOYMENTS}/${name}`);
    return [body.spec.replicas, body.metadata.annotations?.['breakwater.dev/held-replicas'] ?? null];
  };

  beforeAll(async () => {
    cluster = await createSandboxKubernetes();
    await writeFile(join(directory, 'config'), cluster.kubeconfig());
    for (const [name, replicas] of [
      ['site', 3],
      ['postgres', 1],
    ] as const)
      await ask(cluster, 'POST', DEPLOYMENTS, deployment(name, replicas));
  });
  afterAll(() => cluster.close());

  it('holds, refuses to hold again, releases what it had, and releases nothing twice', async () => {
    const held = linesOf(holdClient.manual({ workload: SITE }));
    for (const line of held) expect((await paste(line)).code).toBe(0);
    expect(await specOf('site')).toEqual([0, '3']);
    expect((await paste(held[0] ?? '')).code).not.toBe(0);
    expect(await specOf('site')).toEqual([0, '3']);
    const [release = ''] = linesOf(holdClient.undo.manual({ workload: SITE }));
    expect(await paste(release)).toMatchObject({ code: 0, errors: '' });
    expect(await specOf('site')).toEqual([3, null]);
    expect(await paste(release)).toMatchObject({ code: 1, errors: '' });
    expect(await specOf('site')).toEqual([3, null]);
  });

  it('never overwrites an annotation that is there', async () => {
    await paste('kubectl annotate deployment site breakwater.dev/held-replicas=7');
    const [hold = ''] = linesOf(holdClient.manual({ workload: SITE }));
    expect((await paste(hold)).code).not.toBe(0);
    expect(await specOf('site')).toEqual([3, '7']);
    await paste('kubectl annotate deployment site breakwater.dev/held-replicas-');
  });

  it('leaves one alone that is at 0 already', async () => {
    await paste('kubectl scale deployment site --replicas=0');
    const [hold = ''] = linesOf(holdClient.manual({ workload: SITE }));
    expect((await paste(hold)).code).not.toBe(0);
    expect(await specOf('site')).toEqual([0, null]);
  });

  it('waits for pods by the selector that the workload has', async () => {
    await ask(cluster, 'POST', PODS, {
      ...pod('site-1', { nodeName: 'node-1' }),
      metadata: { name: 'site-1', labels: { app: 'site' } },
    });
    const [, wait = ''] = linesOf(holdClient.manual({ workload: SITE }));
    const waiting = await paste(wait.replace('--timeout=5m', '--timeout=1s'));
    expect(waiting.code).not.toBe(0);
    expect(waiting.errors).toContain('site-1');
    await ask(cluster, 'DELETE', `${PODS}/site-1?gracePeriodSeconds=0`);
    expect((await paste(wait)).code).toBe(0);
  });

  it('shows all that the proof hangs on', async () => {
    const nodes = '/api/v1/nodes';
    const volume = {
      csi: { driver: 'd.csi', volumeHandle: '12-pvc' },
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
    };
    await ask(cluster, 'POST', nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } });
    await ask(
      cluster,
      'PATCH',
      `${nodes}/node-1/status`,
      { status: { conditions: [{ type: 'Ready', status: 'True' }], volumesInUse: ['kubernetes.io/csi/d.csi^12-pvc'] } },
      { 'content-type': 'application/merge-patch+json' },
    );
    await ask(cluster, 'POST', '/api/v1/persistentvolumes', {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pv-1' },
      spec: volume,
    });
    await ask(cluster, 'POST', '/api/v1/namespaces/default/persistentvolumeclaims', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: CLAIM.name },
      spec: { volumeName: 'pv-1', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    await ask(
      cluster,
      'POST',
      PODS,
      pod('debug', {
        volumes: [
          { name: 'v', persistentVolumeClaim: { claimName: CLAIM.name } },
          { name: 'w', emptyDir: {} },
        ],
      }),
    );
    await ask(cluster, 'POST', PODS, pod('other', {}));
    const shown: string[] = [];
    for (const line of linesOf(proveStopped.manual({ workload: POSTGRES, claim: CLAIM }))) {
      const { code, out, errors } = await paste(line);
      expect([line, code, errors.replace(/^No resources found.*\n/, '')]).toEqual([line, 0, '']);
      shown.push(out);
    }
    expect(shown[1]).toBe('debug\n');
    expect(shown[2]).toBe('kubernetes.io/csi/d.csi^12-pvc\n');
    expect(shown[3]).toMatch(/NODE +READY +IN_USE\nnode-1 +True +\[kubernetes\.io\/csi\/d\.csi\^12-pvc\]/);
    expect(shown[4]).toMatch(/UTC/);
  });
});
