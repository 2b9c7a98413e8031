import { writeFileSync } from 'node:fs';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { DatabaseActions } from '../../src/model/database-actions.ts';
import { awaitGone } from '../../src/postgres/await-gone.ts';
import type { RunQuery } from '../../src/postgres/held-session.ts';
import { signalSessions } from '../../src/postgres/signal-sessions.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { connectActions, details, terminate } from '../support/database-actions.ts';
import { BOT_ROLES, botLogin } from '../support/database-source.ts';
import { connectClient, SERVER_KINDS } from '../support/postgres.ts';

/** The kernel gives the next process the pid after this one; only root of the pid namespace may set it. */
const LAST_PID = '/proc/sys/kernel/ns_last_pid';

describe.each(SERVER_KINDS)('a pid that another session takes: $label', ({ binaries }) => {
  let server: RunningPostgres;
  let actions: DatabaseActions;
  beforeAll(async () => {
    server = await startPostgres({ binaries, roles: [...BOT_ROLES, { name: 'site', password: 'site' }] });
    actions = await connectActions(server);
  });
  afterAll(async () => {
    await actions.close();
    await server.close();
  });
  const open = () => connectClient({ ...server.superuser, user: 'site', password: 'site' });
  const shown = async () => (await details(actions)).filter(({ user }) => user === 'site');

  /** Others start processes too: it takes some tries. */
  const openWithPid = async (pid: number): Promise<Client | null> => {
    for (let tries = 0; tries < 200; tries += 1) {
      writeFileSync(LAST_PID, String(pid - 1));
      const client = await open();
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      if (rows[0]?.pid === pid) return client;
      await client.end();
    }
    return null;
  };

  it('is nobody who was shown', async (context) => {
    const first = await open();
    const before = await shown();
    const pid = before[0]?.pid ?? 0;
    await first.end();
    await expect.poll(shown).toEqual([]);
    try {
      writeFileSync(LAST_PID, String(pid - 1));
    } catch (error) {
      context.skip(`pids cannot be steered here: ${String(error)}`);
    }
    const second = await openWithPid(pid);
    if (second === null) return context.skip(`pid ${pid} was not given again in 200 tries`);
    await expect.poll(async () => (await shown()).map((session) => session.pid)).toEqual([pid]);
    expect(await terminate(actions, before)).toEqual(['ended']);
    expect(await shown()).toHaveLength(1);
    await second.end();
    return undefined;
  });

  it('is not ended by the statement itself either, when it comes between the look and the signal', async () => {
    const client = await open();
    const [session] = await shown();
    if (session === undefined) throw new Error('no session');
    const own = await connectClient(botLogin(server));
    const query: RunQuery = async (sql, values = []) => ({ ok: true, rows: (await own.query(sql, [...values])).rows });
    const former = { ...session, backendStart: '2020-12-11 13:24:00.000000+00' };
    expect(await signalSessions(query, [former], null)).toEqual({ outcome: 'answered', standings: ['ended'] });
    expect(await shown()).toHaveLength(1);
    await Promise.all([client.end(), own.end()]);
  });

  it('does not make who ended look as if it were still there', async () => {
    const client = await open();
    const [session] = await shown();
    if (session === undefined) throw new Error('no session');
    const own = await connectClient(botLogin(server));
    const query: RunQuery = async (sql, values = []) => ({ ok: true, rows: (await own.query(sql, [...values])).rows });
    const [present, past] = [
      { target: session },
      { target: { ...session, backendStart: '2020-12-11 13:24:00.000000+00' } },
    ];
    const look = await awaitGone([present, past], (one) => one === past, { query, clock: systemClock });
    expect(look).toEqual({ ok: true, value: new Set([present]) });
    await Promise.all([client.end(), own.end()]);
  });
});
