import { describe, expect, it } from 'vitest';
import { StatusError } from '../../sandbox/kubernetes/api/status-error.ts';
import { CRON_JOB } from '../support/backups.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createBackupGround, startJob, TEMPLATE } from './backup-ground.ts';
import { until } from './world.ts';

const POST = { method: 'POST', path: '/jobs', times: 1 } as const;

describe('starting a backup', () => {
  it('makes a Job as kubectl create job --from does', async () => {
    const ground = await createBackupGround();
    const template = {
      metadata: { labels: { app: 'backup' }, annotations: { team: 'ops' } },
      spec: { ...TEMPLATE.spec, activeDeadlineSeconds: 600 },
    };
    const cronJob = ground.createCronJob('nightly', template);
    const started = await ground.connect().start({ ...CRON_JOB, name: 'nightly' });
    expect(started).toMatchObject({ kind: 'started', job: { state: 'running', manual: true, endedAt: null } });
    const [name = ''] = ground.jobs();
    expect(name).toMatch(/^nightly-manual-[0-9a-f]{8}$/);
    const { metadata, spec } = ground.job(name) ?? {};
    expect(metadata).toMatchObject({
      labels: { app: 'backup' },
      annotations: { team: 'ops', 'cronjob.kubernetes.io/instantiate': 'manual' },
    });
    const { uid } = cronJob.metadata;
    expect(metadata?.ownerReferences).toEqual([
      { apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', uid, controller: true },
    ]);
    expect(spec).toMatchObject(template.spec);
  });

  it('joins one that runs, of the schedule too', async () => {
    const ground = await createBackupGround();
    const bot = ground.connect();
    const name = await startJob(bot);
    await ground.runningPod(name);
    expect(await ground.connect().start(CRON_JOB)).toMatchObject({ kind: 'joined', job: { name } });
    await ground.end(name);
    ground.createJob('blackbox-26789760', { owner: ground.cronJob() });
    expect(await bot.start(CRON_JOB)).toMatchObject({
      kind: 'joined',
      job: { name: 'blackbox-26789760', manual: false },
    });
    expect(ground.jobs()).toHaveLength(2);
  });

  it('starts another when the last is over', async () => {
    const ground = await createBackupGround();
    const bot = ground.connect();
    const first = await startJob(bot);
    await ground.end(first, { exitCode: 1 });
    const second = await startJob(bot);
    expect(ground.jobs().toSorted()).toEqual([first, second].toSorted());
  });

  it('makes one Job where two ask at once, and the other joins it', async () => {
    const ground = await createBackupGround();
    const bots = [ground.connect(), ground.connect(), ground.connect()];
    // Neither writes before all have looked.
    const hold = ground.server.faults.set({ kind: 'hang', method: 'POST' });
    const asked = bots.map((bot) => bot.start(CRON_JOB));
    await until(() => ground.server.requests.filter(({ method }) => method === 'POST').length === bots.length);
    hold();
    const starts = await Promise.all(asked);
    expect(starts.map(({ kind }) => kind).toSorted()).toEqual(['joined', 'joined', 'started']);
    expect(new Set(starts.map((each) => ('job' in each ? each.job.uid : each.reason))).size).toBe(1);
    expect(ground.jobs()).toHaveLength(1);
  });

  it('is no other CronJob of the same name that was there before', async () => {
    const ground = await createBackupGround();
    const bot = ground.connect();
    const old = await startJob(bot);
    await ground.end(old);
    await ground.replaceCronJob();
    expect(await bot.start(CRON_JOB)).toMatchObject({ kind: 'started' });
    expect(ground.jobs()).toHaveLength(2);
  });

  it.each([
    { kind: 'drop', when: 'after' },
    { kind: 'refuse', code: 504, when: 'after' },
  ] as const)('finds the Job that was made although its answer was lost: $kind', async (fault) => {
    const ground = await createBackupGround();
    ground.server.faults.set({ ...POST, ...fault });
    expect(await ground.connect().start(CRON_JOB)).toMatchObject({ kind: 'started', job: { name: ground.jobs()[0] } });
    expect(ground.jobs()).toHaveLength(1);
  });

  it('says that it does not know, where nothing is found or nothing can be looked for', async () => {
    const ground = await createBackupGround();
    const bot = ground.connect();
    ground.server.faults.set({ ...POST, kind: 'drop' });
    const reason = expect.stringMatching(/^The connection .* And then: The cluster has no such object/) as string;
    expect(await bot.start(CRON_JOB)).toEqual({ kind: 'unknown', reason });
    ground.server.faults.set({ ...POST, kind: 'drop', when: 'after' });
    ground.server.faults.set({ kind: 'refuse', code: 500, path: '-manual-' });
    const away = expect.stringMatching(/ And then: The API server answers with a fault/) as string;
    expect(await bot.start(CRON_JOB)).toEqual({ kind: 'unknown', reason: away });
    ground.server.faults.clear();
    // Whoever tries again meets it.
    expect(await bot.start(CRON_JOB)).toMatchObject({ kind: 'joined', job: { name: ground.jobs()[0] } });
  });

  it('does not wait for ever', async () => {
    const ground = await createBackupGround();
    const clock = createManualClock(Date.now());
    ground.server.faults.set({ ...POST, kind: 'hang' });
    const started = ground.connect(clock).start(CRON_JOB);
    await until(() => ground.server.requests.some(({ method }) => method === 'POST'));
    await clock.advance(10_000);
    const reason = expect.stringMatching(/^The API server gave no answer within 10 s\. And then: /) as string;
    expect(await started).toEqual({ kind: 'unknown', reason });
    expect(ground.jobs()).toEqual([]);
  });

  it.each([
    [403, 'Forbidden', /^The bot may not do this in the cluster, grant it in its role: jobs\.batch is forbidden/],
    [422, 'Invalid', /^The API server refuses it as invalid: .*quota/],
  ] as const)('tells what the server refused with %i, and looks for nothing', async (code, reason, words) => {
    const refusal = new StatusError(code, reason, 'exceeded quota', {});
    const ground = await createBackupGround({
      authorise: (_, __, asked) => ({ allowed: code !== 403 || asked.verb !== 'create' }),
      checkFields(type, body) {
        if (code === 422 && type.kind === 'Job') throw refusal;
        return { body, warnings: [] };
      },
    });
    expect(await ground.connect().start(CRON_JOB)).toEqual({
      kind: 'refused',
      reason: expect.stringMatching(words) as string,
    });
    expect([ground.jobs(), ground.server.requests.filter(({ path }) => path.includes('-manual-'))]).toEqual([[], []]);
  });

  it('starts nothing where it cannot look, or there is no CronJob', async () => {
    const ground = await createBackupGround();
    const bot = ground.connect();
    expect(await bot.start({ ...CRON_JOB, name: 'nope' })).toEqual({
      kind: 'refused',
      reason: 'There is no CronJob default/cronjob/nope.',
    });
    expect(await bot.start({ ...CRON_JOB, kind: 'deployment' })).toEqual({
      kind: 'refused',
      reason: expect.stringContaining('A deployment makes no backups: a cronjob does.') as string,
    });
    ground.server.faults.set({ kind: 'refuse', code: 500, path: '/jobs?' });
    const reason = expect.stringMatching(/^The backups cannot be looked at: The API server answers/) as string;
    expect(await bot.start(CRON_JOB)).toEqual({ kind: 'refused', reason });
    expect(ground.server.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('starts nothing where the CronJob goes while it looks', async () => {
    let asked = 0;
    const ground = await createBackupGround({
      authorise: (_, __, what) => ({ allowed: what.kind === 'path' || what.resource !== 'cronjobs' || asked++ === 0 }),
    });
    const reason = expect.stringContaining('The bot may not do this') as string;
    expect(await ground.connect().start(CRON_JOB)).toEqual({ kind: 'refused', reason });
    expect(ground.jobs()).toEqual([]);
  });

  it('does not throw at an answer that is no Job', async () => {
    const ground = await createBackupGround({ trackFields: (object) => ({ ...object, status: { startTime: 5 } }) });
    expect(await ground.connect().start(CRON_JOB)).toEqual({
      kind: 'unknown',
      reason: expect.stringContaining('cannot be read') as string,
    });
  });

  it('fits the name of its Job into a label', async () => {
    const ground = await createBackupGround();
    const name = `${'a'.repeat(46)}.${'b'.repeat(5)}`;
    ground.createCronJob(name);
    const started = await ground.connect().start({ ...CRON_JOB, name });
    expect(started).toMatchObject({
      kind: 'started',
      job: { name: expect.stringMatching(/^a{46}-manual-[0-9a-f]{8}$/) as string },
    });
  });
});
