import { describe, expect, it } from 'vitest';
import { createBackupDesk } from '../../src/backups/follow-backups.ts';
import type { JournalEvent, StoredEvent } from '../../src/journal/journal.ts';
import type { BackupProgress, BackupRun, Backups } from '../../src/model/backup.ts';
import { type Observed, seen, unseen } from '../../src/model/observed.ts';
import { backupJob, CRON_JOB, fakeBackupJobs, found } from '../support/backups.ts';
import { NOW } from '../support/builders.ts';
import { createManualClock, settle } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

const RUN: BackupRun = {
  database: 'main',
  how: 'started',
  by: 'remy',
  askedAt: NOW,
  job: { name: 'b-2', uid: 'uid-2' },
};
const PLACE = { channelId: 'alerts', messageId: 'm1' };
const RUNNING = backupJob({
  uid: 'uid-2',
  name: 'b-2',
  state: 'running',
  createdAt: NOW,
  startedAt: NOW,
  endedAt: null,
});
const DONE = { ...RUNNING, state: 'succeeded', endedAt: NOW + 60_000, sizeBytes: 3_100_000_000 } as const;

/** One life of the desk; the events it wrote are what the next one reads. */
function live(
  world: { found: Observed<Backups | null>; away?: boolean },
  events: StoredEvent[] = [],
  clock = createManualClock(NOW),
) {
  const shown: BackupProgress[] = [];
  const over: { readonly progress: BackupProgress; readonly givenUp: boolean }[] = [];
  const desk = createBackupDesk({
    jobs: fakeBackupJobs(world),
    journal: {
      async write(more: readonly JournalEvent[]) {
        for (const event of more) events.push({ ...event, seq: events.length + 1 });
        return 'durable';
      },
    },
    past: [...events],
    async show(progress) {
      if (world.away !== true) shown.push(progress);
      return world.away !== true;
    },
    async ended(progress, givenUp) {
      over.push({ progress, givenUp });
    },
    clock,
    log: createRecordedLog(),
  });
  return { desk, clock, shown, over, events };
}

const stateOf = ({ job }: BackupProgress): string => (job.ok ? (job.value?.state ?? 'gone') : 'unknown');

describe('a backup that somebody asked for', () => {
  it('is shown when something has changed, and is over once', async () => {
    const world: { found: Observed<Backups | null> } = { found: found({ jobs: [RUNNING, backupJob()] }) };
    const { desk, clock, shown, over } = live(world);
    await desk.follow(RUN, CRON_JOB);
    desk.standsAt(RUN, PLACE);
    await clock.advance(30_000);
    expect(shown.map(stateOf)).toEqual(['running']);
    world.found = found({ jobs: [DONE, backupJob()] });
    await clock.advance(30_000);
    expect(shown.map(stateOf)).toEqual(['running', 'succeeded']);
    expect(shown.at(-1)?.before?.uid).toBe('uid-1');
    expect(over).toMatchObject([{ givenUp: false }]);
    expect(desk.size).toBe(0);
    expect(clock.sleeping()).toEqual([]);
  });

  it('is followed by the next life of the bot, in the same message', async () => {
    const world: { found: Observed<Backups | null> } = { found: found({ jobs: [RUNNING] }) };
    const first = live(world);
    await first.desk.follow(RUN, CRON_JOB);
    first.desk.standsAt(RUN, PLACE);
    await settle();
    await first.desk.stop();
    expect(first.over).toEqual([]);
    world.found = found({ jobs: [DONE] });
    const second = live(world, first.events, first.clock);
    await settle();
    expect(second.shown.map(stateOf)).toEqual(['succeeded']);
    expect(second.over).toHaveLength(1);
    await settle();
    expect(live(world, second.events, first.clock).desk.size).toBe(0);
  });

  it('goes on while the cluster gives no answer: that is unknown, and no end', async () => {
    const world: { found: Observed<Backups | null> } = { found: unseen('no answer within 10 s', NOW) };
    const { desk, clock, shown, over } = live(world);
    await desk.follow(RUN, CRON_JOB);
    desk.standsAt(RUN, PLACE);
    await clock.advance(600_000);
    expect(shown.map(stateOf)).toEqual(['unknown']);
    expect(over).toEqual([]);
    await desk.stop();
  });

  it('whose Job is gone is over, with nothing known of it', async () => {
    const { desk, clock, over } = live({ found: found({ jobs: [backupJob()] }) });
    await desk.follow(RUN, CRON_JOB);
    await clock.advance(18_000);
    expect(over.map(({ progress }) => stateOf(progress))).toEqual(['gone']);
    expect(clock.sleeping()).toEqual([]);
  });

  it('that is over before its message stands is shown as over, once it does', async () => {
    const { desk, clock, shown, over } = live({ found: found({ jobs: [DONE] }) });
    await desk.follow(RUN, CRON_JOB);
    await clock.advance(6_000);
    desk.standsAt(RUN, PLACE);
    await clock.advance(3_000);
    expect(shown.map(stateOf)).toEqual(['succeeded']);
    expect(over).toHaveLength(1);
    expect(desk.size).toBe(0);
  });

  it('whose end Discord does not take is shown when it does, though its Job is deleted by then; it is over once', async () => {
    const world: { found: Observed<Backups | null>; away?: boolean } = { found: found({ jobs: [RUNNING] }) };
    const { desk, clock, shown, over } = live(world);
    await desk.follow(RUN, CRON_JOB);
    desk.standsAt(RUN, PLACE);
    await clock.advance(3_000);
    world.away = true;
    world.found = found({ jobs: [DONE] });
    await clock.advance(30_000);
    world.found = found({ jobs: [] });
    world.away = false;
    await clock.advance(15_000);
    expect(shown.map(stateOf)).toEqual(['running', 'succeeded']);
    expect(over).toHaveLength(1);
    expect(desk.size).toBe(0);
  });

  it('is given up after a day', async () => {
    const { desk, clock, over } = live({
      found: seen({ ...(found() as { value: Backups }).value, jobs: [RUNNING] }, NOW),
    });
    await desk.follow(RUN, CRON_JOB);
    await clock.advance(24 * 3_600_000 + 20_000);
    expect(over).toMatchObject([{ givenUp: true }]);
    expect(desk.size).toBe(0);
  });
});
