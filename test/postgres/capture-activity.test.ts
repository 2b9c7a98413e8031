import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import { describeActivity, describeLocks } from '../../src/postgres/activity-text.ts';
import { captureActivity } from '../../src/postgres/capture-activity.ts';
import { connectRecovery } from '../support/database-recovery.ts';
import { BOT_ROLES } from '../support/database-source.ts';
import { detailedSession } from '../support/detailed-session.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { connectClient, runSql, SERVER_KINDS } from '../support/postgres.ts';

describe.each(SERVER_KINDS)('captureActivity: $label', ({ binaries }) => {
  let server: RunningPostgres;
  let bot: Awaited<ReturnType<typeof connectRecovery>>;
  beforeAll(async () => {
    server = await startPostgres({
      binaries,
      settings: { max_connections: 8, superuser_reserved_connections: 3, autovacuum: false },
      roles: [...BOT_ROLES, { name: 'site', password: 'site' }],
    });
    await runSql(server.superuser, 'create table orders (id int, card text)', 'grant all on orders to site');
    bot = await connectRecovery(server);
  });
  afterAll(async () => {
    await bot.close();
    await server.close();
  });
  const clients: Client[] = [];
  afterEach(async () => {
    await Promise.allSettled(clients.splice(0).map((client) => client.end()));
  });
  const open = async (applicationName: string) => {
    const client = await connectClient({ ...server.superuser, user: 'site', password: 'site', applicationName });
    clients.push(client);
    return client;
  };
  const capture = async () => {
    const { files, gaps } = await bot.recovery.captureActivity(5_000);
    return { gaps, texts: Object.fromEntries(files.map(({ name, text }) => [name, text])) };
  };

  it('has the sessions and who waits for whom, on a full server, without the literals', async () => {
    const holder = await open('holder');
    await holder.query("begin; lock table orders; select 'card-4711'");
    const waiter = await open('waiter');
    const waits = waiter.query("insert into orders values (987654321, 'card-4712')").catch(() => {});
    for (;;) {
      const refused = await open('filler').catch((error: Error) => error);
      if (refused instanceof Error) break;
    }
    await expect.poll(async () => (await capture()).texts['locks.txt']).toContain('1 session waits');
    const { gaps, texts } = await capture();
    expect(gaps).toEqual([]);
    expect(Object.keys(texts)).toEqual(['activity.txt', 'locks.txt']);
    expect(texts['activity.txt']).toMatch(
      /^\d+ +\S+ \S+ +client backend +site +postgres +holder +127\.0\.0\.1 +idle in transaction/mu,
    );
    expect(texts['locks.txt']).toMatch(
      /^pid \d+: site@postgres holder .*\n {2}pid \d+: site@postgres waiter .* for relation orders, RowExclusiveLock, insert into orders values \(\?, …\)$/mu,
    );
    expect(JSON.stringify(texts)).not.toMatch(/card-47|987654321/u);
    await holder.query('rollback');
    await waits;
  });

  it('says in words what it could not have', async () => {
    const blind = await connectRecovery(server, { connection: { user: 'canary', password: 'canary-secret' } });
    expect(await blind.recovery.captureActivity(5_000)).toEqual({
      files: [],
      gaps: [
        "activity.txt: the role lacks pg_monitor: what other roles' sessions do is hidden from it",
        "locks.txt: the role lacks pg_monitor: what other roles' sessions do is hidden from it",
      ],
    });
    await blind.close();
    expect((await blind.recovery.captureActivity(5_000)).gaps).toEqual(['activity.txt: closed', 'locks.txt: closed']);
  });
});

it('ends within its time, with what it has by then', async () => {
  const clock = createManualClock();
  const capture = captureActivity(2_000, { query: () => new Promise(() => {}), canaryUser: null, clock });
  await clock.advance(2_000);
  expect(await capture).toEqual({
    files: [],
    gaps: ['activity.txt: no answer within 2 s', 'locks.txt: no answer within 2 s'],
  });
  expect(clock.sleeping()).toEqual([]);
});

it("keeps a row on its line, whatever other people's text holds", () => {
  const text = describeActivity(
    [detailedSession({ pid: 1, applicationName: 'a\u202Eb\n2  postgres', statement: 'select\u0007' })],
    0,
  );
  expect(text.trimEnd().split('\n')).toHaveLength(4);
  expect(text).toContain('a b 2 postgres');
  for (const hidden of ['\u0007', '\u202E']) expect(text).not.toContain(hidden);
});

it('says so where nobody is connected and nobody waits', () => {
  expect(describeActivity([], 0)).toMatch(/^0 backends at 1970-01-01T00:00:00.000Z/);
  expect(describeLocks({ nodes: [] }, 0)).toMatch(/^0 sessions wait for a lock, at 1970/);
});
