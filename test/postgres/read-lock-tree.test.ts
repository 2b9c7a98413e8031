import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { DatabaseActions } from '../../src/model/database-actions.ts';
import type { LockNode } from '../../src/model/lock-tree.ts';
import type { RunQuery } from '../../src/postgres/held-session.ts';
import { readLockTree } from '../../src/postgres/read-lock-tree.ts';
import { connectActions } from '../support/database-actions.ts';
import { BOT_ROLES, botLogin } from '../support/database-source.ts';
import { connectClient, runSql, SERVER_KINDS } from '../support/postgres.ts';

describe.each(SERVER_KINDS)('readLockTree: $label', ({ binaries }) => {
  let server: RunningPostgres;
  let actions: DatabaseActions;
  beforeAll(async () => {
    server = await startPostgres({
      binaries,
      roles: [...BOT_ROLES, { name: 'site', password: 'site' }],
      databases: [{ name: 'elsewhere' }],
      settings: { max_prepared_transactions: 5 },
    });
    await runSql(server.superuser, 'create table orders (id int primary key)', 'insert into orders values (1), (2)');
    actions = await connectActions(server);
  });
  afterAll(async () => {
    await actions.close();
    await server.close();
  });
  const clients: Client[] = [];
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end()));
    await expect.poll(read, { timeout: 5_000 }).toEqual([]);
  });
  const open = async (database = 'postgres') => {
    const client = await connectClient({ ...server.superuser, database });
    clients.push(client);
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return { client, id: `pid:${rows[0]?.pid}` };
  };
  const read = async (): Promise<readonly LockNode[]> => {
    const tree = await actions.readLockTree();
    if (!tree.ok) throw new Error(tree.reason);
    return tree.value.nodes;
  };
  /** The statement waits, and the test does not wait for it. */
  const wait = async ({ client, id }: Awaited<ReturnType<typeof open>>, sql: string) => {
    client.query(sql).catch(() => {});
    await expect.poll(async () => (await read()).find((node) => node.id === id)?.awaits ?? null).not.toBeNull();
  };
  const edges = async () => Object.fromEntries((await read()).map(({ id, blockedBy }) => [id, blockedBy]));

  it('is empty while nobody waits, whatever is held, and then asks the lock manager nothing', async () => {
    const { client } = await open();
    await client.query('begin; lock table orders');
    const own = await connectClient(botLogin(server));
    clients.push(own);
    const asked: string[] = [];
    const query: RunQuery = async (sql, values = []) => {
      asked.push(sql);
      return { ok: true, rows: (await own.query(sql, [...values])).rows };
    };
    expect(await readLockTree(query, null)).toEqual({ ok: true, value: { nodes: [] } });
    expect(asked).toHaveLength(1);
    expect(asked.join()).not.toMatch(/pg_locks|pg_blocking_pids/);
  });

  it('shows a chain from the one that holds to the last that waits', async () => {
    const [holder, first, second] = [await open(), await open(), await open()];
    await holder.client.query("begin; update orders set id = id where id = 1 and 'hush' <> ''");
    await wait(first, "begin; update orders set id = id where id = 1 and 'hush' <> ''");
    await wait(second, 'begin; lock table orders in access exclusive mode');
    expect(await edges()).toEqual({
      [holder.id]: [],
      [first.id]: [holder.id],
      [second.id]: [holder.id, first.id].toSorted(),
    });
    const nodes = await read();
    expect(nodes.find(({ id }) => id === holder.id)).toMatchObject({
      kind: 'session',
      gid: null,
      state: 'idle in transaction',
      user: 'postgres',
      database: 'postgres',
      waitedMs: null,
      awaits: null,
      transactionMs: expect.any(Number),
    });
    expect(nodes.find(({ id }) => id === first.id)).toMatchObject({
      state: 'active',
      waitedMs: expect.any(Number),
      awaits: expect.stringMatching(/^transactionid \d+, ShareLock$/),
    });
    expect(nodes.find(({ id }) => id === second.id)?.awaits).toBe('relation orders, AccessExclusiveLock');
    expect(JSON.stringify(nodes)).not.toContain('hush');
    expect(nodes.every(({ statement }) => statement !== null)).toBe(true);
  });

  it('names a relation by its oid where it lies in another database', async () => {
    const [holder, waiter] = [await open('elsewhere'), await open('elsewhere')];
    // Here the same oid has a name, but of another relation.
    await holder.client.query('begin; lock table pg_catalog.pg_am');
    await wait(waiter, 'begin; lock table pg_catalog.pg_am in share mode');
    const node = (await read()).find(({ id }) => id === waiter.id);
    expect(node?.awaits).toMatch(/^relation \d+, ShareLock$/);
    expect(node?.database).toBe('elsewhere');
  });

  it('tells advisory locks by their keys', async () => {
    const [holder, waiter] = [await open(), await open()];
    await holder.client.query('select pg_advisory_lock(7, 42)');
    await wait(waiter, 'select pg_advisory_lock(7, 42)');
    expect((await read()).find(({ id }) => id === waiter.id)?.awaits).toBe('advisory 7/42, ExclusiveLock');
  });

  describe('a prepared transaction in the way', () => {
    afterEach(() => runSql(server.superuser, "rollback prepared 'night''s job'", "rollback prepared 'beside'"));
    it('is named after a restart as well', async () => {
      await prepare();
      await server.restart();
      await expect.poll(async () => (await actions.readLockTree()).ok, { timeout: 15_000 }).toBe(true);
      const waiter = await open();
      await wait(waiter, 'update orders set id = id where id = 1');
      expect(await edges()).toMatchObject({ [waiter.id]: ["prepared:night's job"] });
    });

    const prepare = async () => {
      await runSql(
        server.superuser,
        'begin',
        'update orders set id = id where id = 1',
        "prepare transaction 'night''s job'",
        // Holds the same table in a mode that goes together with everything here.
        'begin',
        'lock table orders in row share mode',
        "prepare transaction 'beside'",
      );
    };

    it('is named, by the row that is waited for', async () => {
      await prepare();
      const waiter = await open();
      await wait(waiter, 'update orders set id = id where id = 1');
      expect(await edges()).toEqual({ [waiter.id]: ["prepared:night's job"], "prepared:night's job": [] });
      expect((await read()).find(({ kind }) => kind === 'prepared')).toEqual({
        id: "prepared:night's job",
        kind: 'prepared',
        pid: null,
        gid: "night's job",
        user: 'postgres',
        database: 'postgres',
        applicationName: '',
        address: null,
        state: 'prepared',
        waitedMs: null,
        transactionMs: expect.any(Number),
        awaits: null,
        statement: null,
        blockedBy: [],
      });
    });

    it('is told from one beside it whose lock is in nobody’s way', async () => {
      await prepare();
      const waiter = await open();
      await wait(waiter, 'begin; lock table orders in share mode');
      expect(await edges()).toMatchObject({ [waiter.id]: ["prepared:night's job"] });
    });

    it('is said to be one, where no lock tells which', async () => {
      await prepare();
      const waiter = await open();
      await wait(waiter, 'begin; lock table orders in share mode');
      const own = await connectClient(botLogin(server));
      clients.push(own);
      const query: RunQuery = async (sql, values = []) => {
        if (sql.includes('pg_prepared_xacts')) return { ok: true, rows: [] };
        return { ok: true, rows: (await own.query(sql, [...values])).rows };
      };
      const tree = await readLockTree(query, null);
      expect(tree).toMatchObject({
        ok: true,
        value: { nodes: [{ blockedBy: ['prepared:?'] }, { id: 'prepared:?', gid: null }] },
      });
    });
  });

  it('says what is missing rather than that nobody waits', async () => {
    const blind = await connectActions(server, { connection: { user: 'site', password: 'site' } });
    expect(await blind.readLockTree()).toMatchObject({
      ok: false,
      reason: expect.stringContaining('lacks pg_monitor'),
    });
    await blind.close();
  });
});
