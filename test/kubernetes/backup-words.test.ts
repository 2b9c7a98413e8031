import { describe, expect, it } from 'vitest';
import pods from '../../sandbox/kubernetes/resources/pods.ts';
import { readSize } from '../../src/kubernetes/read-pod-words.ts';
import type { BackupJob } from '../../src/model/backup.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { createBackupGround, readJobs, startJob } from './backup-ground.ts';
import { until } from './world.ts';

async function start(hooks: Parameters<typeof createBackupGround>[0] = {}) {
  const ground = await createBackupGround(hooks);
  const bot = ground.connect();
  const name = await startJob(bot);
  return { ground, bot, name, read: async () => (await readJobs(bot))[0] as BackupJob };
}

describe('what a backup says of itself', () => {
  it('is its size and its last lines, from the log', async () => {
    const { ground, read, name } = await start();
    const lines = Array.from({ length: 19 }, (_, index) => `\u001b[32mline ${index}`);
    await ground.end(name, { log: `${lines.join('\n')}\n\nsize_bytes=48213504\n` });
    const job = await read();
    expect(job).toMatchObject({ state: 'succeeded', sizeBytes: 48_213_504, reason: null });
    expect(job.lastLines).toHaveLength(20);
    expect(job.lastLines.at(-1)).toBe('size_bytes=48213504');
    expect(job.lastLines.join('')).not.toContain('\u001b');
    expect(ground.server.requests.at(-1)?.path).toContain('/log?');
    expect(job.endedAt).toBeGreaterThanOrEqual(job.startedAt ?? Number.NaN);
  });

  it('is the size of the termination message before that of the log', async () => {
    const { ground, read, name } = await start();
    await ground.end(name, { message: 'size: 5 bytes', log: 'size_bytes=7\n' });
    expect(await read()).toMatchObject({ sizeBytes: 5, lastLines: ['size_bytes=7'] });
  });

  it('is the state of the Job where its log may not be read', async () => {
    const { ground, read, name } = await start({
      authorise: (_, __, asked) => ({ allowed: asked.kind === 'path' || asked.subresource !== 'log' }),
    });
    await ground.end(name, { log: 'size_bytes=7\n' });
    expect(await read()).toMatchObject({ state: 'succeeded', sizeBytes: null, lastLines: [] });
  });

  it('is why it failed, in the words of the Job', async () => {
    const { ground, read, name } = await start();
    await ground.end(name, { exitCode: 1, log: 'pg_dump: error: connection to server failed\n' });
    expect(await read()).toMatchObject({
      state: 'failed',
      reason: 'BackoffLimitExceeded: Job has reached the specified backoff limit',
      lastLines: ['pg_dump: error: connection to server failed'],
      endedAt: expect.any(Number) as number,
    });
  });

  it('is why its pod finds no node', async () => {
    const { ground, read } = await start({ withNode: false });
    await until(() => (ground.server.api.list(pods, 'default')[0]?.status?.conditions ?? []).length > 0);
    expect(await read()).toMatchObject({
      state: 'running',
      reason: expect.stringMatching(/^Unschedulable: /) as string,
    });
  });

  it.each([
    [{ reason: 'ErrImagePull', message: 'no such image' }, 'ErrImagePull: no such image'],
    [{ reason: 'ErrImagePull', message: `\u001b${'x'.repeat(1_000)}` }, `ErrImagePull: ${'x'.repeat(285)}…`],
    [{ reason: 'ContainerCreating' }, null],
    [{ reason: 'PodInitializing' }, null],
  ])('is why its container waits: %o', async (waiting, reason) => {
    const { ground, read, name } = await start();
    const { metadata } = await ground.runningPod(name);
    const { api, requests } = ground.server;
    const containerStatuses = [{ name: 'c', state: { waiting } }];
    api.change(pods, 'default', metadata.name, ({ status }) => Object.assign(status, { containerStatuses }), 'status');
    expect(await read()).toMatchObject({ state: 'running', reason, lastLines: [] });
    // A container that has not begun has no log.
    expect(requests.filter(({ path }) => path.includes('/log'))).toEqual([]);
  });

  it('is nothing that the pod of another Job says that bears its label', async () => {
    const { ground, read, name } = await start();
    const pod = await ground.runningPod(name);
    const { api } = ground.server;
    const { uid } = ground.createJob('another', { suspend: true }).metadata;
    const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'Job', name: 'another', uid, controller: true }];
    const terminated = { exitCode: 0, reason: 'Completed', message: 'size_bytes=1' };
    api.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a-pod', namespace: 'default', labels: pod.metadata.labels, ownerReferences } as never,
      spec: { ...(pod.spec as object), nodeName: 'elsewhere' },
      status: {
        phase: 'Succeeded',
        startTime: '2020-12-11T04:00:00Z',
        containerStatuses: [{ name: 'c', state: { terminated } }],
      },
    });
    await ground.end(name, { message: 'size_bytes=2' });
    expect(await read()).toMatchObject({ sizeBytes: 2 });
  });

  it('is what its newest pod says', async () => {
    const { ground, read, name } = await start();
    const first = await ground.runningPod(name);
    ground.later(1_000);
    const { labels, ownerReferences } = first.metadata;
    const terminated = { exitCode: 1, reason: 'Error', message: 'size_bytes=2' };
    ground.server.api.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'z-pod', namespace: 'default', labels, ownerReferences } as never,
      spec: first.spec as object,
      status: {
        phase: 'Failed',
        startTime: '2020-12-11T04:00:00Z',
        containerStatuses: [{ name: 'c', state: { terminated } }],
      },
    });
    expect(await read()).toMatchObject({ sizeBytes: 2 });
  });

  it('is not settled while it runs', async () => {
    const { ground, read, name } = await start();
    await ground.runningPod(name);
    ground.writeLog(name, 'size_bytes=1\n');
    expect(await read()).toMatchObject({ state: 'running', sizeBytes: 1 });
    await ground.end(name, { message: 'size_bytes=2' });
    expect(await read()).toMatchObject({ state: 'succeeded', sizeBytes: 2 });
  });

  it('is not asked for any more once it told no size for five minutes', async () => {
    const { ground, name } = await start();
    await ground.end(name);
    const bot = ground.connect({ now: () => Date.now() + 301_000, sleep: (...args) => systemClock.sleep(...args) });
    await readJobs(bot);
    ground.writeLog(name, 'size_bytes=9\n');
    expect(await readJobs(bot)).toMatchObject([{ sizeBytes: null }]);
  });

  it('is asked once: what is over does not change', async () => {
    const { ground, read, name } = await start();
    await read();
    await ground.end(name, { message: 'size_bytes=2' });
    const heard = await read();
    const asked = () => ground.server.requests.filter(({ path }) => path.includes('job-name')).length;
    const before = asked();
    expect(await read()).toEqual(heard);
    expect(asked()).toBe(before);
  });

  it('is asked again where it told no size yet', async () => {
    const { ground, read, name } = await start();
    await ground.end(name);
    expect(await read()).toMatchObject({ state: 'succeeded', sizeBytes: null });
    ground.writeLog(name, 'size_bytes=9\n');
    expect(await read()).toMatchObject({ sizeBytes: 9 });
  });
});

it.each([
  ['size_bytes=123', 123],
  ['dump written\nsize: 123 bytes\ndone', 123],
  ['size=1\nsize=2', 2],
  ['SIZE_BYTES = 7', 7],
  ['size: 12 MB', null],
  ['resize=4', null],
  ['size_bytes=1234567890123456789', null],
  ['', null],
])('the size that %j tells is %s', (text, size) => {
  expect(readSize(text)).toBe(size);
});
