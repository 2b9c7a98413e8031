import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import { connect } from '../../src/postgres/connect.ts';
import { prepareSession } from '../../src/postgres/prepare-session.ts';
import { DEFAULT_TIMEOUTS } from '../../src/postgres/timeouts.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { BOT_ROLES, botLogin, connectSource } from '../support/database-source.ts';
import { SERVER_KINDS } from '../support/postgres.ts';

describe.each(SERVER_KINDS)('one connection: $label', ({ binaries }) => {
  let server: RunningPostgres;
  beforeAll(async () => {
    server = await startPostgres({ binaries, roles: [...BOT_ROLES] });
  });
  afterAll(() => server.close());

  it('bounds its statements and outlives silent peers, whatever the environment says', async () => {
    const hostile = { PGOPTIONS: '-c statement_timeout=1', PGREPLICATION: 'database', PGSSLMODE: 'require' };
    Object.assign(process.env, hostile, { PGPASSWORD: 'wrong' });
    const connecting = connect({ ...botLogin(server) }, { clock: systemClock, deadlineMs: 5_000 });
    for (const name of [...Object.keys(hostile), 'PGPASSWORD']) delete process.env[name];
    const outcome = await connecting;
    if (!outcome.ok) throw new Error(outcome.fault.message);
    const { session } = outcome;
    const ask = async (sql: string, values?: readonly unknown[]) => {
      const answer = await session.query(sql, values);
      return answer.ok
        ? { ok: true as const, rows: answer.rows }
        : { ok: false as const, reason: answer.fault.message };
    };
    expect(await prepareSession(ask, 3_000)).toBeNull();
    const { statementMs, queryMs } = DEFAULT_TIMEOUTS;
    expect(queryMs).toBeGreaterThan(statementMs);
    expect(
      await ask(`select current_setting('statement_timeout') as statement, current_setting('idle_session_timeout', true) as idle,
        current_setting('tcp_keepalives_idle') as after, current_setting('tcp_keepalives_interval') as every,
        current_setting('tcp_keepalives_count') as times, backend_type as type
        from pg_stat_activity where pid = pg_backend_pid()`),
    ).toMatchObject({
      rows: [{ statement: '3s', after: '60', every: '10', times: '3', type: 'client backend' }],
    });
    session.end();
  });

  it('takes no password from the environment', async () => {
    const { password, ...login } = botLogin(server);
    process.env['PGPASSWORD'] = password;
    const connecting = connect(login, { clock: systemClock, deadlineMs: 5_000 });
    const outcome = await connecting;
    delete process.env['PGPASSWORD'];
    if (outcome.ok) outcome.session.end();
    expect(outcome.ok).toBe(false);
  });

  it('asks the kernel to watch its peer', async () => {
    const outcome = await connect(botLogin(server), { clock: systemClock, deadlineMs: 5_000 });
    if (!outcome.ok) throw new Error(outcome.fault.message);
    // From proc(5), net/tcp: the timer that is running; 02 is the keepalive's.
    const toServer = `:${server.port.toString(16).toUpperCase().padStart(4, '0')}`;
    const readTimers = () =>
      readFileSync('/proc/self/net/tcp', 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([, , remote = '', state]) => remote.endsWith(toServer) && state === '01')
        .map(([, , , , , timer = '']) => timer.split(':'));
    await expect.poll(() => readTimers().map(([kind]) => kind)).toEqual(['02']);
    // In jiffies of 1/100 s: 10 s, not the kernel's two hours.
    expect(Number.parseInt(readTimers()[0]?.[1] ?? '', 16)).toBeLessThanOrEqual(1_000);
    outcome.session.end();
  });

  it('probes as the canary, not as itself', async () => {
    const { source } = connectSource(server, { canary: { user: 'canary', password: 'no-such-secret' } });
    expect(await source.probeAdmission()).toMatchObject({ ok: true, value: { verdict: 'auth-refused' } });
    await source.close();
  });
});
