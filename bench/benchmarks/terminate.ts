import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { DatabaseActions } from '../../src/model/database-actions.ts';
import { createDatabaseActions } from '../../src/postgres/create-database-actions.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import type { Benchmark, BenchmarkContext } from '../benchmark.ts';
import { figureOf, singleFigure } from '../figure.ts';
import { openIdleSessions } from '../open-idle-sessions.ts';
import { median } from '../statistics.ts';

const SESSIONS = 1_000;
const ROUNDS = 7;
const PASSWORD = 'bench';

export default {
  name: 'terminate',
  summary: `${SESSIONS} idle sessions, from the first statement until all are seen to be gone`,
  async run(context) {
    const postgres = await startServer(context);
    const actions = await openActions(postgres, context);
    const client = await logIn(postgres, context);
    const tookMs = { ours: [] as number[], bare: [] as number[] };
    // Each of them first in every other round; one of each before it counts.
    for (let round = -1; round < ROUNDS; round += 1) {
      const order = round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const);
      for (const who of order) {
        const sessions = await openIdleSessions({ ...postgres.superuser, user: 'site', password: PASSWORD }, SESSIONS);
        context.scope.defer(() => sessions.kill());
        const ms = who === 'ours' ? await terminateAll(actions) : await terminateBare(client);
        await sessions.gone;
        if (round >= 0) tookMs[who].push(ms);
        context.progress(`${who === 'ours' ? 'ours' : 'bare SQL'}: ${ms.toFixed(0)} ms`);
      }
    }
    const bare = figureOf({ name: `bare SQL, ${SESSIONS} sessions`, unit: 'ms' }, tookMs.bare);
    const peer = { name: bare.name, value: bare.value, source: 'measured in this run' };
    const ratios = tookMs.ours.map((ms, round) => ms / (tookMs.bare[round] ?? Number.NaN));
    return {
      figures: [
        figureOf({ name: `terminate, ${SESSIONS} sessions`, unit: 'ms', peers: [peer] }, tookMs.ours),
        bare,
        singleFigure(
          { name: 'ours ÷ bare SQL, round by round', unit: '×' },
          { statistic: 'median', value: median(ratios), n: ROUNDS },
        ),
      ],
      notes: [
        'bare SQL is `select pg_terminate_backend(pid) from pg_stat_activity where …`, then counting until none is left; it checks nothing',
        'most of either is the time that the server takes to end its processes',
      ],
    };
  },
} satisfies Benchmark;

async function terminateAll(actions: DatabaseActions): Promise<number> {
  const details = await actions.readDetails();
  if (!details.ok) throw new Error(details.reason);
  const targets = details.value.filter(({ user }) => user === 'site');
  const begun = performance.now();
  const { fates } = await actions.terminate(targets);
  const ms = performance.now() - begun;
  const ended = fates.filter(({ fate }) => fate === 'terminated').length;
  if (ended !== SESSIONS) throw new Error(`${ended} of ${SESSIONS} sessions were terminated`);
  return ms;
}

const OF_SITE = "from pg_stat_activity where usename = 'site' and backend_type = 'client backend'";

async function terminateBare(client: Client): Promise<number> {
  const begun = performance.now();
  const { rowCount } = await client.query(`select pg_terminate_backend(pid) ${OF_SITE} and state = 'idle'`);
  if (rowCount !== SESSIONS) throw new Error(`${rowCount} of ${SESSIONS} sessions were found`);
  while (((await client.query(`select ${OF_SITE}`)).rowCount ?? 0) > 0) await delay(10);
  return performance.now() - begun;
}

async function startServer({ scope }: BenchmarkContext): Promise<RunningPostgres> {
  const postgres = await startPostgres({
    settings: { max_connections: 1_100 },
    roles: [
      { name: 'breakwater', password: PASSWORD, memberOf: ['pg_monitor', 'pg_signal_backend'] },
      { name: 'site', password: PASSWORD },
    ],
  });
  scope.defer(() => postgres.close());
  return postgres;
}

const loginOf = ({ host, port }: RunningPostgres) => {
  return { host, port, user: 'breakwater', password: PASSWORD, database: 'postgres' };
};

async function openActions(postgres: RunningPostgres, { scope }: BenchmarkContext): Promise<DatabaseActions> {
  const quiet = () => {};
  const actions = createDatabaseActions({
    connection: loginOf(postgres),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    clock: systemClock,
    random: Math.random,
  });
  scope.defer(() => actions.close());
  while ((await actions.readObstacle()) !== null) await delay(10);
  return actions;
}

/** As the bot: its role, its rights. */
async function logIn(postgres: RunningPostgres, { scope }: BenchmarkContext): Promise<Client> {
  const client = new Client({ ...loginOf(postgres), ssl: false });
  await client.connect();
  scope.defer(() => client.end());
  return client;
}
