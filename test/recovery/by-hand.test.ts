import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandboxKubernetes, type SandboxKubernetes } from '../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import { quoteShell } from '../../src/recovery/manual-commands.ts';
import type { ManualCommand } from '../../src/recovery/step.ts';
import { loadSteps } from '../../src/recovery/step-catalogue.ts';
import holdClient from '../../src/recovery/steps/hold-client.ts';
import restart from '../../src/recovery/strategies/restart.ts';
import { ask, DEPLOYMENTS, deployment, PODS, pod } from '../sandbox/kubernetes/ask.ts';
import { SITE } from '../support/place-builders.ts';
import { whyNot } from '../support/programs.ts';
import { restartSettings } from './strategies/facts-of-restart.ts';

const MISSING = whyNot('kubectl');

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

describe.skipIf(MISSING !== null)(`kubectl, by hand${MISSING ?? ''}`, () => {
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
    expect(await paste(release)).toMatchObject({ code: 1, out: 'site had nothing remembered\n' });
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
    expect(waiting.errors).toContain('timed out');
    expect(waiting.out).toContain('site-1');
    await ask(cluster, 'DELETE', `${PODS}/site-1?gracePeriodSeconds=0`);
    expect((await paste(wait)).errors).toBe('No resources found in default namespace.\n');
  });
});
