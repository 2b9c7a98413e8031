import { describe, expect, it } from 'vitest';
import { CRON_JOB } from '../support/backups.ts';
import { createBackupGround, readJobs, startJob } from './backup-ground.ts';
import { until } from './world.ts';

describe('reading backups', () => {
  it('tells only those of its own CronJob, newest first', async () => {
    const ground = await createBackupGround();
    const other = ground.createCronJob('blackbox-of-another');
    ground.createJob('blackbox-by-nobody');
    ground.createJob('blackbox-1', { owner: other });
    const bot = ground.connect();
    const name = await startJob(bot);
    expect((await readJobs(bot)).map((each) => each.name)).toEqual([name]);
  });

  it('tells the newest ten, and one that runs however old it is: somebody may follow it', async () => {
    const ground = await createBackupGround();
    const owner = ground.cronJob();
    // Not yet Complete: the CronJob's controller keeps no more than three of these.
    const conditions = [{ type: 'SuccessCriteriaMet', status: 'True', lastTransitionTime: '2020-12-11T04:04:00Z' }];
    const names = Array.from({ length: 12 }, (_, index) => `blackbox-${String.fromCodePoint(97 + index)}`);
    for (const [index, name] of names.entries()) {
      ground.later(1_000);
      ground.createJob(name, { owner, suspend: true, ...(index > 0 && { status: { conditions } }) });
    }
    const [running = '', , ...newest] = names;
    expect((await readJobs(ground.connect())).map(({ name }) => name)).toEqual([...newest.toReversed(), running]);
  });

  it.each([
    ['Complete', 'True', 'succeeded'],
    ['SuccessCriteriaMet', 'True', 'succeeded'],
    ['Failed', 'True', 'failed'],
    ['FailureTarget', 'True', 'failed'],
    ['Complete', 'False', 'running'],
    ['Suspended', 'True', 'running'],
  ])('takes a Job with the condition %s %s for %s', async (type, status, state) => {
    const ground = await createBackupGround();
    const lastTransitionTime = '2020-12-11T04:04:00Z';
    const conditions = [{ type, status, lastTransitionTime, reason: 'Why', message: 'x'.repeat(1_000) }];
    ground.createJob('blackbox-1', { owner: ground.cronJob(), status: { conditions }, suspend: true });
    const [job] = await readJobs(ground.connect());
    expect(job).toMatchObject({ state, endedAt: state === 'running' ? null : Date.parse(lastTransitionTime) });
    expect(job?.reason?.slice(0, 6) ?? null).toBe(state === 'failed' ? 'Why: x' : null);
    expect(job?.reason?.length ?? 0).toBeLessThanOrEqual(300);
  });

  it('tells the schedule and the last success, and that there is no such CronJob', async () => {
    const ground = await createBackupGround();
    const bot = ground.connect();
    await ground.end(await startJob(bot));
    await until(() => ground.cronJob().status?.lastSuccessfulTime !== undefined);
    expect(await bot.read(CRON_JOB)).toMatchObject({
      ok: true,
      value: { schedule: '0 4 * * *', suspended: false, lastSuccessAt: expect.any(Number) as number },
    });
    expect(await bot.read({ ...CRON_JOB, name: 'nope' })).toMatchObject({ ok: true, value: null });
    ground.server.faults.set({ kind: 'refuse', code: 500, path: '/cronjobs/' });
    expect(await bot.read(CRON_JOB)).toMatchObject({ ok: false });
  });
});
