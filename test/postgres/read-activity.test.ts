import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { ActiveSession } from '../../src/model/activity.ts';
import type { DatabaseSource } from '../../src/model/database-source.ts';
import { BOT_ROLES, botLogin, connectSource, untilHeld } from '../support/database-source.ts';
import { connectClient, runSql, SERVER_KINDS } from '../support/postgres.ts';

describe.each(SERVER_KINDS)('readActivity: $label', ({ binaries }) => {
  let server: RunningPostgres;
  let source: DatabaseSource;
  beforeAll(async () => {
    const roles = [...BOT_ROLES, { name: 'site', password: 'site' }, { name: 'blind', password: 'blind' }];
    server = await startPostgres({ binaries, roles });
    ({ source } = connectSource(server));
  });
  beforeEach(() => untilHeld(source));
  afterAll(async () => {
    await source.close();
    await server.close();
  });
  const openSite = (applicationName = 'web') =>
    connectClient({ ...server.superuser, user: 'site', password: 'site', applicationName });
  const read = async (from = source): Promise<readonly ActiveSession[]> => {
    const observed = await from.readActivity();
    if (!observed.ok) throw new Error(observed.reason);
    return observed.value;
  };
  const ofSite = async () => (await read()).filter(({ user }) => user === 'site');

  it('reads each session by itself, and tells its own', async () => {
    const [first, second] = [await openSite(), await openSite()];
    await second.query('begin; select 1');
    const rest = { user: 'site', database: 'postgres', applicationName: 'web', address: '127.0.0.1', own: false };
    expect(await ofSite()).toMatchObject([
      { ...rest, state: 'idle', transactionMs: null, stateMs: expect.any(Number), waitEventType: 'Client' },
      { ...rest, state: 'idle in transaction', transactionMs: expect.any(Number), stateMs: expect.any(Number) },
    ]);
    expect((await read()).filter(({ own }) => own)).toMatchObject([{ user: 'breakwater', state: 'active' }]);
    await Promise.all([first.end(), second.end()]);
  });

  it('takes no session for its own that only borrows its name', async () => {
    const impostor = await openSite('breakwater');
    expect(await ofSite()).toMatchObject([{ applicationName: 'breakwater', own: false }]);
    await impostor.end();
  });

  it('carries no text of a query, which may hold secrets', async () => {
    const client = await openSite();
    await client.query("select 'hush'");
    expect(JSON.stringify(await read())).not.toContain('hush');
    await client.end();
  });

  it('identifies a session to the microsecond, in the same words whatever the settings of its own role', async () => {
    const client = await openSite();
    const [before] = await ofSite();
    await runSql(
      server.superuser,
      "alter role breakwater set timezone = 'Asia/Kathmandu'",
      "alter role breakwater set datestyle = 'SQL, DMY'",
    );
    const { source: elsewhere } = connectSource(server);
    await untilHeld(elsewhere);
    const again = (await read(elsewhere)).find(({ user }) => user === 'site');
    expect(again?.backendStart).toBe(before?.backendStart);
    const own = await connectClient(botLogin(server));
    const { rows } = await own.query(
      'select usename from pg_stat_activity where pid = $1 and backend_start = $2::timestamptz',
      [before?.pid, before?.backendStart],
    );
    expect(rows).toEqual([{ usename: 'site' }]);
    await Promise.all([own.end(), elsewhere.close(), client.end()]);
    await runSql(server.superuser, 'alter role breakwater reset all');
  });

  it('says what is missing rather than list only its own', async () => {
    const { source: blind } = connectSource(server, { connection: { user: 'blind', password: 'blind' } });
    await untilHeld(blind);
    expect(await blind.readActivity()).toMatchObject({
      ok: false,
      reason: expect.stringContaining('lacks pg_monitor'),
    });
    await blind.close();
  });
});

it('tells what refuses the bot while no session is held, and nothing while one is', async () => {
  const server = await startPostgres({ roles: BOT_ROLES });
  const { source } = connectSource(server);
  expect(source.lossVerdict()).toBeNull();
  await untilHeld(source);
  expect(source.lossVerdict()).toBeNull();
  await server.stop('fast');
  await expect.poll(() => source.lossVerdict(), { timeout: 15_000 }).toBe('stopped');
  await server.restart();
  await untilHeld(source);
  expect(source.lossVerdict()).toBeNull();
  await source.close();
  await server.close();
});
