import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endSessions, listSessions, staleFor } from '../../src/recovery/manual-sessions.ts';
import type { RecoveryStep } from '../../src/recovery/step.ts';
import awaitFewer from '../../src/recovery/steps/await-fewer-sessions.ts';
import capRole from '../../src/recovery/steps/cap-role.ts';
import terminateSessions from '../../src/recovery/steps/terminate-sessions.ts';
import terminateStale from '../../src/recovery/steps/terminate-stale.ts';
import cap from '../../src/recovery/strategies/cap-application.ts';
import killStale from '../../src/recovery/strategies/kill-stale.ts';
import restart from '../../src/recovery/strategies/restart-application.ts';
import { recoverySettings, SERVER } from '../support/gentle-rungs.ts';
import { connectClient, createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
let superuser: Client;
const clients: Client[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  superuser = await connectClient(database.superuser);
});
afterAll(async () => {
  for (const client of [superuser, ...clients]) await client.end().catch(() => {});
  await database.close();
});

const open = async (applicationName: string, login = database.owner) => {
  const client = await connectClient({ ...login, applicationName });
  clients.push(client);
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return { client, pid: rows[0]?.pid ?? 0 };
};
const pidsOf = async (sql: string) =>
  (await superuser.query<{ pid: number }>(sql)).rows.map(({ pid }) => pid).sort(byNumber);
const byNumber = (a: number, b: number) => a - b;
const stateOf = async (pid: number) =>
  (await superuser.query('select 1 from pg_stat_activity where pid = $1', [pid])).rowCount;

/** Of this file's database only: others share the server. */
const mine = () => `datname = '${database.owner.database}'`;
const site = () => [
  { name: 'worker', match: { user: database.owner.user, applicationName: "wor'ker" } },
  { name: 'site', match: { user: database.owner.user } },
];

describe('sessions by hand', () => {
  it('lists those of an application, and none that is protected or another’s', async () => {
    const plain = await open('gunicorn');
    for (const name of ['breakwater', 'pg_dump', 'PG_DUMP [x]', 'we(ird+', "wor'ker"]) await open(name);
    await open('gunicorn', database.superuser);
    const dumper = await open('pg_dumper');
    const scope = { owners: site(), protect: ['pg_dump', 'we(ird+'], where: mine() };
    expect(await pidsOf(listSessions(scope))).toEqual([plain.pid, dumper.pid].sort(byNumber));
    const worker = { ...scope, owners: site().slice(0, 1) };
    expect(await pidsOf(listSessions(worker))).toHaveLength(1);
    expect(await pidsOf(listSessions({ ...scope, owners: [] as never }))).toEqual([]);
  });

  it('lists nobody who is never ended, whoever else is asked for', async () => {
    const plain = await open('anybody');
    const roles = [`${database.owner.user}_r`, `${database.owner.user}_s`] as const;
    await superuser.query(`create role ${roles[0]} login replication password 'x'`);
    await superuser.query(`create role ${roles[1]} login superuser noreplication password 'x'`);
    const never = [];
    for (const user of roles) never.push(await open('anybody', { ...database.owner, user, password: 'x' }));
    // Its worker is a backend of the same role, and no client.
    const parallel = await open('anybody');
    await parallel.client.query('set debug_parallel_query = on');
    const sleeping = parallel.client.query('select pg_sleep(600)').catch(() => 'ended with the test');
    const others = `select pid from pg_stat_activity where ${mine()} and backend_type <> 'client backend'`;
    await expect.poll(() => pidsOf(others), { timeout: 10_000 }).toHaveLength(1);
    const scope = { owners: null, protect: [], where: `${mine()} and application_name = 'anybody'` };
    expect(await pidsOf(listSessions(scope))).toEqual([plain.pid, parallel.pid].sort(byNumber));
    await superuser.query('select pg_terminate_backend($1)', [parallel.pid]);
    await sleeping;
    for (const { client } of never) await client.end();
    await superuser.query(`drop role ${roles.join(', ')}`);
  });

  it('never lists who asks', async () => {
    const asking = await open('asking');
    const sql = listSessions({ owners: null, protect: [], where: `${mine()} and application_name = 'asking'` });
    expect((await asking.client.query(sql)).rows).toEqual([]);
    expect(await pidsOf(sql)).toEqual([asking.pid]);
  });

  it('ends exactly what it lists', async () => {
    const idle = await open('ended');
    const busy = await open('ended');
    await busy.client.query('begin');
    const scope = { owners: site(), protect: [], where: `${mine()} and application_name = 'ended' and state = 'idle'` };
    expect(await pidsOf(listSessions(scope))).toEqual([idle.pid]);
    expect(await pidsOf(endSessions(scope))).toEqual([idle.pid]);
    await expect.poll(() => stateOf(idle.pid)).toBe(0);
    expect(await stateOf(busy.pid)).toBe(1);
  });

  it('tells by how long a session has done nothing', async () => {
    const idle = await open('aged');
    const holding = await open('aged');
    await holding.client.query('begin');
    const of = (idleMs: number, inTransactionMs: number) =>
      pidsOf(
        listSessions({
          owners: null,
          protect: [],
          where: `${mine()} and application_name = 'aged' and ${staleFor({ idleMs, inTransactionMs })}`,
        }),
      );
    expect(await of(0, 0)).toEqual([idle.pid, holding.pid].sort(byNumber));
    expect(await of(0, 3_600_000)).toEqual([idle.pid]);
    expect(await of(3_600_000, 0)).toEqual([holding.pid]);
  });
});

describe('each statement of the runbook', () => {
  const files: readonly RecoveryStep<never>[] = [terminateStale, capRole, terminateSessions, awaitFewer].map(
    (file) => file as unknown as RecoveryStep<never>,
  );

  it('is one that PostgreSQL takes', async () => {
    const settings = recoverySettings({
      applications: [
        { name: 'worker', match: { user: 'no"body', applicationName: "wor'ker" } },
        { name: 'site', match: { user: 'no"body' }, limit: 5, workload: 'default/deployment/site' },
      ],
      protect: ['pg_dump', "o'dd (name)"],
    });
    let count = 0;
    for (const strategy of [killStale, cap, restart]) {
      const outlined = strategy.outline(settings);
      for (const step of outlined.kind === 'steps' ? outlined.steps : []) {
        const file = files.find(({ kind }) => kind === step.kind);
        for (const { run } of file?.manual(step.params as never) ?? []) {
          for (const sql of statementsOf(run ?? '')) {
            // Planned, not run: other files' sessions live on this server too.
            await superuser.query(`explain ${sql}`);
            count += 1;
          }
        }
      }
    }
    expect(count).toBe(13);
  });

  it('ends nobody as it stands where it names a role or an address', () => {
    const run = terminateStale.manual({ owners: [], protect: [], server: SERVER }).map((command) => command.run);
    expect(run.filter((each) => each?.includes('terminate'))).toEqual([
      expect.stringMatching(/ -v role=NOBODY [^]*usename = :'role'/),
      expect.stringMatching(/^address=192\.0\.2\.1\n[^]* -v address="\$address" [^]*= :'address'/),
    ]);
  });
});

/** What of a command PostgreSQL gets to see: without psql's own lines, and with its variables filled in. */
function statementsOf(run: string): readonly string[] {
  const scripts = [...run.matchAll(/<<'SQL'\n(.*?)\nSQL/gs)].map(([, script = '']) => script);
  return scripts
    .flatMap((script) =>
      script
        .replaceAll(/^\\.*$/gm, '')
        .replaceAll(/:'\w+'/g, "'192.0.2.1'")
        .split(/;|\\gexec/),
    )
    .map((sql) => sql.trim())
    .filter((sql) => sql !== '');
}
