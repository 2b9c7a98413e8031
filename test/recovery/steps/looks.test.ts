import { describe, expect, it } from 'vitest';
import { NOBODY_TRIES, type Verdict } from '../../../src/model/admission.ts';
import type { Backups } from '../../../src/model/backup.ts';
import { type Observed, seen, unseen } from '../../../src/model/observed.ts';
import awaitAdmission from '../../../src/recovery/steps/await-admission.ts';
import captureEvidence from '../../../src/recovery/steps/capture-evidence.ts';
import checkBackup from '../../../src/recovery/steps/check-backup.ts';
import checkWorkloads from '../../../src/recovery/steps/check-workloads.ts';
import pausePooler from '../../../src/recovery/steps/pause-pooler.ts';
import probeWrite from '../../../src/recovery/steps/probe-write.ts';
import resumePooler from '../../../src/recovery/steps/resume-pooler.ts';
import { admission, NOW } from '../../support/builders.ts';
import { backupJob, backups, POSTGRES, SITE, workload } from '../../support/place-builders.ts';
import { callOf, createFakeGround, type FakeGround } from '../fake-ground.ts';

const connection = { host: 'postgres.default.svc', port: 5432, database: 'postgres' };
const HOUR_MS = 3_600_000;

describe('capture-evidence', () => {
  const params = { workload: 'default/deployment/postgres', claim: null };

  it('keeps what cluster and server said, with every gap', async () => {
    const ground = createFakeGround();
    const call = callOf(captureEvidence, ground, { params });
    expect((await captureEvidence.check()).kind).toBe('ready');
    expect(await captureEvidence.act(call)).toEqual({ kind: 'done' });
    expect(ground.asked).toEqual(['keep pod.yaml sessions.csv without no events, no locks']);
  });

  it('never blocks, also where nothing can be kept', async () => {
    const ground = createFakeGround({ change: { kind: 'refused', reason: 'no room' } });
    const call = callOf(captureEvidence, ground, { params });
    expect(await captureEvidence.act(call)).toEqual({ kind: 'unknown', reason: 'The evidence is not kept: no room.' });
    expect((await captureEvidence.verify()).kind).toBe('holds');
  });
});

describe('check-backup', () => {
  const old = backups({ lastSuccessAt: NOW - 30 * HOUR_MS, jobs: [] });
  const failed = backups({ jobs: [backupJob({ state: 'failed', createdAt: NOW - 1 }), backupJob()] });
  const before = backupJob({
    uid: 'uid-before',
    createdAt: NOW - 25 * HOUR_MS,
    endedAt: NOW - 24 * HOUR_MS,
    sizeBytes: 1_000,
  });
  const small = backups({ jobs: [backupJob({ sizeBytes: 500 }), before] });
  const none = backups({ lastSuccessAt: null, jobs: [] });

  it.each<[string, Observed<Backups | null>, string[], string]>([
    ['a young one of its usual size', seen(backups(), NOW), [], 'acted'],
    ['one that is too old', seen(old, NOW), [], 'blocked'],
    ['one that is too old, which was accepted', seen(old, NOW), ['too-old'], 'acted'],
    ['a last one that failed', seen(failed, NOW), [], 'blocked'],
    ['a last one that failed, where another fault was accepted', seen(failed, NOW), ['too-old'], 'blocked'],
    ['one that is half as large as the one before', seen(small, NOW), [], 'blocked'],
    ['none at all', seen(none, NOW), [], 'blocked'],
    ['no CronJob', seen(null, NOW), [], 'blocked'],
    ['no answer', unseen('HTTP 500', NOW), [], 'unknown'],
    ['no answer, which was accepted', unseen('HTTP 500', NOW), ['unreadable'], 'acted'],
  ])('given %s', async (_, found, accepted, expected) => {
    const ground = createFakeGround({ backups: found });
    const params = { cronJob: 'default/cronjob/backup', maxAgeMs: 26 * HOUR_MS, accepted };
    const call = callOf(checkBackup, ground, { params });
    expect((await checkBackup.check(call)).kind).toBe(expected);
    const verified = { acted: 'holds', blocked: 'failed', unknown: 'unknown' }[expected];
    expect((await checkBackup.verify(call)).kind).toBe(verified);
    expect(ground.asked).toEqual([]);
  });
});

describe('pause-pooler and resume-pooler', () => {
  const params = { host: 'pooler', port: 6432, user: 'breakwater' };
  const call = (ground: FakeGround) => callOf(pausePooler, ground, { params });

  it('pauses within 30 s, and is true once every pool is paused', async () => {
    const ground = createFakeGround({ pause: seen('running', NOW) });
    expect((await pausePooler.check(call(ground))).kind).toBe('ready');
    expect((await pausePooler.verify(call(ground))).kind).toBe('waiting');
    expect(await pausePooler.act(call(ground))).toEqual({ kind: 'done' });
    expect(ground.asked).toEqual(['pause 30000']);
    expect((await pausePooler.check(call(ground))).kind).toBe('acted');
    expect((await pausePooler.verify(call(ground))).kind).toBe('holds');
  });

  it.each([
    ['resume-pooler', resumePooler],
    ['the undo of pause-pooler', pausePooler.undo],
  ] as const)('%s resumes', async (_, step) => {
    const ground = createFakeGround({ pause: seen('paused', NOW) });
    expect((await step.check(call(ground))).kind).toBe('ready');
    expect((await step.verify(call(ground))).kind).toBe('waiting');
    expect(await step.act(call(ground))).toEqual({ kind: 'done' });
    expect((await step.check(call(ground))).kind).toBe('acted');
    expect((await step.verify(call(ground))).kind).toBe('holds');
  });

  it('takes a PAUSE that still waits, as of a life before, for something to be resumed, and for no pause yet', async () => {
    const ground = createFakeGround({ pause: seen('pausing', NOW) });
    expect((await pausePooler.check(call(ground))).kind).toBe('ready');
    expect((await pausePooler.verify(call(ground))).kind).toBe('waiting');
    for (const step of [resumePooler, pausePooler.undo]) {
      expect(await step.check(call(ground))).toMatchObject({
        kind: 'ready',
        saw: expect.stringContaining('newcomers'),
      });
      expect((await step.verify(call(ground))).kind).toBe('waiting');
    }
  });

  it.each([pausePooler, pausePooler.undo, resumePooler])(
    'goes on where PgBouncer does not tell whether it is paused, and never without one',
    async (step) => {
      const silent = createFakeGround({ pause: unseen('timeout', NOW) });
      // To pause what is paused, and to resume what is not, does nothing; what it came to is still looked for.
      expect((await step.check(call(silent))).kind).toBe('ready');
      expect((await step.verify(call(silent))).kind).toBe('unknown');
      const none = createFakeGround();
      expect((await step.check(call(none))).kind).toBe('blocked');
      expect((await step.act(call(none))).kind).toBe('refused');
      expect((await step.verify(call(none))).kind).toBe('failed');
    },
  );
});

describe('await-admission', () => {
  const verdicts = (...given: Verdict[]) => given.map((verdict) => seen(admission({ verdict }), NOW));
  const verify = (ground: FakeGround) => awaitAdmission.verify(callOf(awaitAdmission, ground, { params: connection }));

  it('holds when it was admitted twice in a row', async () => {
    expect(await verify(createFakeGround({ admissions: verdicts('admitted') }))).toMatchObject({ kind: 'holds' });
    expect((await verify(createFakeGround({ admissions: verdicts('admitted', 'starting') }))).kind).toBe('waiting');
  });

  it.each<[Verdict, string, true | undefined]>([
    ['starting', 'waiting', true],
    ['crash-recovery', 'waiting', true],
    ['stopped', 'waiting', undefined],
    ['frozen', 'waiting', undefined],
    ['shutting-down', 'waiting', undefined],
    ['only-reserved-left', 'waiting', undefined],
    ['auth-refused', 'failed', undefined],
    ['no-such-database', 'failed', undefined],
    ['tls-failed', 'failed', undefined],
    ['read-only', 'failed', undefined],
  ])('with the verdict %s is %s, progress: %s', async (verdict, kind, progress) => {
    const verified = await verify(createFakeGround({ admissions: verdicts(verdict) }));
    expect(verified).toEqual({ kind, saw: expect.any(String), ...(progress && { progress }) });
  });

  it('gives up after 5 min without progress, which is less than it may take', () => {
    expect(awaitAdmission).toMatchObject({ stallsAfterMs: 300_000, deadlineMs: 1_800_000 });
  });

  it('without a canary takes the connection of the bot, and says that it is inferred', async () => {
    const admissions = [unseen(NOBODY_TRIES, NOW)];
    expect(await verify(createFakeGround({ admissions }))).toMatchObject({
      kind: 'holds',
      saw: expect.stringMatching(/^inferred/),
    });
    const writes = unseen('57P03', NOW);
    expect((await verify(createFakeGround({ admissions, writes }))).kind).toBe('waiting');
  });

  it('cannot tell where somebody tries and nothing is heard', async () => {
    expect((await verify(createFakeGround({ admissions: [unseen('the probe broke', NOW)] }))).kind).toBe('unknown');
  });
});

describe('probe-write', () => {
  it('holds with where it was written, and waits with why it was not', async () => {
    const call = (ground: FakeGround) => callOf(probeWrite, ground, { params: connection });
    expect(await probeWrite.verify(call(createFakeGround()))).toEqual({
      kind: 'holds',
      saw: 'written and flushed at 0/16B3748 in 3 ms',
    });
    const full = createFakeGround({ writes: unseen('no space left on device', NOW) });
    expect(await probeWrite.verify(call(full))).toEqual({
      kind: 'waiting',
      saw: 'not written: no space left on device',
    });
  });
});

describe('check-workloads', () => {
  const redis = { ...SITE, name: 'redis' };
  const call = (ground: FakeGround, namespaces = ['default'], unhealthy: string[] = []) =>
    callOf(checkWorkloads, ground, { params: { namespaces }, shown: { unhealthy } });

  it('names the one that nobody thought of', async () => {
    const ground = createFakeGround({ workloads: [workload(POSTGRES), workload(SITE), workload(redis, { ready: 0 })] });
    expect(await checkWorkloads.verify(call(ground))).toEqual({
      kind: 'waiting',
      saw: 'not well: default/deployment/redis (0 of 1 ready)',
    });
  });

  it('says of one that it was so before, and lets it pass no more for that', async () => {
    const ground = createFakeGround({ workloads: [workload(redis, { ready: 0 })] });
    expect(await checkWorkloads.verify(call(ground, ['default'], ['default/deployment/redis']))).toEqual({
      kind: 'waiting',
      saw: 'not well: default/deployment/redis (0 of 1 ready, as before the recovery)',
    });
  });

  it('finds one that is still held, and lets one be that is at 0 on purpose', async () => {
    const held = createFakeGround({ workloads: [workload(SITE, { desired: 0, ready: 0, heldReplicas: 3 })] });
    expect(await checkWorkloads.verify(call(held))).toMatchObject({
      kind: 'waiting',
      saw: expect.stringContaining('held at 0, had 3'),
    });
    const idle = createFakeGround({ workloads: [workload(SITE, { desired: 0, ready: 0 })] });
    expect(await checkWorkloads.verify(call(idle))).toEqual({ kind: 'holds', saw: 'all 1 workloads are ready' });
  });

  it('looks into every namespace', async () => {
    const far = workload({ ...redis, namespace: 'tools' }, { ready: 0 });
    const ground = createFakeGround({ workloads: [workload(POSTGRES), far] });
    expect((await checkWorkloads.verify(call(ground))).kind).toBe('holds');
    expect((await checkWorkloads.verify(call(ground, ['default', 'tools']))).kind).toBe('waiting');
  });

  it('cannot tell without an answer, and takes nothing at all for no good news', async () => {
    const silent = createFakeGround();
    silent.silent.add('workloads');
    expect((await checkWorkloads.verify(call(silent))).kind).toBe('unknown');
    expect((await checkWorkloads.verify(call(createFakeGround({ workloads: [] })))).kind).toBe('failed');
  });
});
