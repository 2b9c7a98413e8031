import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { DatabaseRecovery } from '../../src/model/database-recovery.ts';
import { quoteIdentifier } from '../../src/model/quote-sql.ts';
import { setRoleLimit } from '../../src/postgres/set-role-limit.ts';
import { connectRecovery } from '../support/database-recovery.ts';
import { BOT_ROLES } from '../support/database-source.ts';
import { connectClient, runSql, SERVER_KINDS } from '../support/postgres.ts';

const STRANGE = `si"te'; drop role x; --\\`;
/** 63 bytes are a name; one more is cut, and means the role without it. */
const LONG = 'l'.repeat(63);
const NAMES = ['site', 'shop', 'copier', STRANGE, LONG];

describe.each(SERVER_KINDS)('CONNECTION LIMIT: $label', ({ binaries }) => {
  let server: RunningPostgres;
  let recovery: DatabaseRecovery;
  let bot: Awaited<ReturnType<typeof connectRecovery>>;
  let from16 = true;
  beforeAll(async () => {
    server = await startPostgres({
      binaries,
      settings: { max_connections: 12, superuser_reserved_connections: 3, autovacuum: false },
      roles: [
        ...BOT_ROLES,
        ...NAMES.map((name) => ({ name, password: 'secret' })),
        { name: 'boss', password: 'secret', superuser: true },
      ],
    });
    from16 = Number.parseInt(server.version, 10) >= 16;
    const admin = from16 ? NAMES.filter((name) => name !== 'shop') : [];
    await runSql(
      server.superuser,
      'alter role breakwater createrole',
      'alter role breakwater set standard_conforming_strings = off',
      'alter role copier replication',
      ...admin.map((name) => `grant ${quoteIdentifier(name)} to breakwater with admin true, inherit false, set false`),
    );
    bot = await connectRecovery(server);
    recovery = bot.recovery;
  });
  afterAll(async () => {
    await bot.close();
    await server.close();
  });
  const clients: Client[] = [];
  afterEach(async () => {
    await Promise.allSettled(clients.splice(0).map((client) => client.end()));
    await runSql(
      server.superuser,
      ...NAMES.map((name) => `alter role ${quoteIdentifier(name)} connection limit -1`),
      'alter role breakwater createrole',
    );
  });
  const open = async (user: string): Promise<Client> => {
    const client = await connectClient({ ...server.superuser, user, password: 'secret' });
    clients.push(client);
    return client;
  };
  const limitOf = async (role: string) => {
    const limits = await recovery.readRoleLimits([role]);
    return limits.ok ? limits.value[0]?.limit : limits.reason;
  };

  it('is read for the roles that exist, with who may change it', async () => {
    expect(await recovery.readRoleLimits(['site', 'shop', 'boss', 'copier', 'nobody', `${LONG}l`])).toMatchObject({
      ok: true,
      value: [
        { role: 'boss', limit: -1, superuser: true, alterable: false },
        // Before 16 roles with REPLICATION are the superusers' alone, after it ADMIN OPTION decides.
        { role: 'copier', limit: -1, superuser: false, alterable: from16 },
        { role: 'shop', limit: -1, superuser: false, alterable: !from16 },
        { role: 'site', limit: -1, superuser: false, alterable: true },
      ],
    });
  });

  it('is set and read back; the sessions that are there stay, and the next one is refused', async () => {
    const held = [await open('site'), await open('site')];
    expect(await recovery.setRoleLimit('site', -1, 1)).toEqual({ kind: 'done' });
    expect(await limitOf('site')).toBe(1);
    for (const client of held) expect((await client.query('select 1')).rowCount).toBe(1);
    await expect(open('site')).rejects.toThrow('too many connections for role');
    expect(await recovery.setRoleLimit('site', 1, -1)).toEqual({ kind: 'done' });
    await open('site');
  });

  it('is refused where it is not what was seen any more', async () => {
    await runSql(server.superuser, 'alter role site connection limit 7');
    expect(await recovery.setRoleLimit('site', -1, 3)).toEqual({
      kind: 'refused',
      reason: 'the CONNECTION LIMIT of site is 7 by now, not none: look again',
    });
    expect(await limitOf('site')).toBe(7);
  });

  const untilWaiting = (boss: Client, locktype: string) =>
    expect
      .poll(async () => {
        const { rows } = await boss.query('select from pg_locks where not granted and locktype = $1', [locktype]);
        return rows.length;
      })
      .toBe(1);

  it('loses against one that is being set at the same moment', async () => {
    const boss = await open('boss');
    await boss.query('begin');
    await boss.query('alter role site connection limit 7');
    const change = recovery.setRoleLimit('site', -1, 3);
    await untilWaiting(boss, 'transactionid');
    await boss.query('commit');
    expect(await change).toMatchObject({ kind: 'refused', reason: expect.stringContaining('concurrently updated') });
    expect(await limitOf('site')).toBe(7);
  });

  it('lets nobody in between the look and the change', async () => {
    const boss = await open('boss');
    await boss.query('begin');
    // Looks pass it, ALTER ROLE waits.
    await boss.query('lock table pg_authid in share mode');
    const change = recovery.setRoleLimit('site', -1, 3);
    await untilWaiting(boss, 'relation');
    await boss.query('alter role site connection limit 7');
    await boss.query('commit');
    expect(await change).toMatchObject({ kind: 'refused', reason: expect.stringContaining('is 7 by now') });
    expect(await limitOf('site')).toBe(7);
  });

  it('leaves nothing half done where it is refused, and no transaction open', async () => {
    await recovery.setRoleLimit('site', 5, 3);
    expect(await limitOf('site')).toBe(-1);
    expect(await recovery.setRoleLimit('site', -1, 3)).toEqual({ kind: 'done' });
  });

  it('takes any name literally, whatever the role of the bot thinks of backslashes', async () => {
    expect(await recovery.setRoleLimit(STRANGE, -1, 4)).toEqual({ kind: 'done' });
    expect(await limitOf(STRANGE)).toBe(4);
  });

  it('never takes a name that is too long for the one it is cut to', async () => {
    expect(await recovery.setRoleLimit(`${LONG}l`, -1, 4)).toMatchObject({ kind: 'refused' });
    expect(await limitOf(LONG)).toBe(-1);
  });

  it('is refused for a role that is not there', async () => {
    expect(await recovery.setRoleLimit('nobody', -1, 4)).toEqual({
      kind: 'refused',
      reason: 'there is no role nobody',
    });
  });

  it.each([1.5, -2, Number.NaN, 2_147_483_648])('takes no %s for a limit', async (limit) => {
    const asked: string[] = [];
    const query = async (sql: string) => {
      asked.push(sql);
      return { ok: false, reason: 'asked' } as const;
    };
    expect(await setRoleLimit(query, 'site', -1, limit)).toMatchObject({ kind: 'refused' });
    expect(await setRoleLimit(query, 'site', limit, 1)).toMatchObject({ kind: 'refused' });
    expect(asked).toEqual([]);
  });

  it('is refused without the right, with SQL that sets it by hand and SQL that gives the right', async () => {
    await runSql(server.superuser, 'alter role breakwater nocreaterole');
    const change = await recovery.setRoleLimit('shop', -1, 5);
    if (change.kind !== 'refused') throw new Error(change.kind);
    expect(change.reason).toContain('breakwater may not set the CONNECTION LIMIT of shop');
    const [byHand = '', ...grants] = change.reason.split('\n').filter((line) => line.endsWith(';'));
    expect(byHand).toBe('ALTER ROLE "shop" CONNECTION LIMIT 5;');
    await runSql(server.superuser, ...grants);
    expect(await recovery.setRoleLimit('shop', -1, 5)).toEqual({ kind: 'done' });
    if (from16) {
      expect(grants.at(-1)).toMatch(/^GRANT "shop" TO "breakwater" WITH ADMIN TRUE/);
      await runSql(server.superuser, 'revoke shop from breakwater');
    }
  });

  it('of a superuser is changed by superusers alone', async () => {
    expect(await recovery.setRoleLimit('boss', -1, 5)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('ALTER ROLE "boss" CONNECTION LIMIT 5;'),
    });
  });

  it('is read and set on a full server, through the session that is held', async () => {
    for (;;) {
      const refused = await open('shop').catch((error: Error) => error);
      if (refused instanceof Error) break;
    }
    expect(await recovery.probeWrite()).toMatchObject({
      ok: false,
      reason: expect.stringContaining('only reserved slots are left'),
    });
    expect(await limitOf('site')).toBe(-1);
    expect(await recovery.setRoleLimit('site', -1, 3)).toEqual({ kind: 'done' });
  });
});

describe('without an answer', () => {
  it.each([
    ['no session was there to send it on', { ok: false, reason: 'not held', unsent: true }, 'refused'],
    ['the session broke', { ok: false, reason: 'the connection broke without a word' }, 'unknown'],
    ['the server ended the statement', { ok: false, reason: 'cancelled', sqlState: '57014' }, 'refused'],
    ['it is a standby', { ok: false, reason: 'read-only', sqlState: '25006' }, 'refused'],
  ] as const)('where %s', async (_case, outcome, kind) => {
    expect(await setRoleLimit(() => Promise.resolve(outcome), 'site', -1, 3)).toMatchObject({ kind });
  });

  it('is unknown where it cannot be read back, or is another by then', async () => {
    const answers = (second: object) => {
      const outcomes = [{ ok: true, rows: [] }, second];
      return () => Promise.resolve(outcomes.shift() as { ok: true; rows: [] });
    };
    const lost = await setRoleLimit(answers({ ok: false, reason: 'gone' }), 'site', -1, 3);
    expect(lost).toEqual({ kind: 'unknown', reason: 'the server took 3, then: gone' });
    const rows = [{ role: 'site', limit: 9, superuser: false, alterable: true }];
    expect(await setRoleLimit(answers({ ok: true, rows }), 'site', -1, 3)).toMatchObject({ kind: 'unknown' });
  });
});
