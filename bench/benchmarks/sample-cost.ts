import { Client } from 'pg';
import { createPlayer, type Player } from '../../sandbox/players/create-player.ts';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import { CAST } from '../../sandbox/stage/cast.ts';
import type { RunQuery } from '../../src/postgres/held-session.ts';
import { readSessions } from '../../src/postgres/read-sessions.ts';
import type { Benchmark, BenchmarkContext } from '../benchmark.ts';
import { type Figure, figureOf, type Peer, singleFigure } from '../figure.ts';
import { SCRAPE_PEERS } from '../peers.ts';
import { readCpuMs } from '../read-process.ts';

const SIZES = [100, 1_000, 3_000] as const;
const ROUNDS = 100;
const WARM_UP_ROUNDS = 20;
const PASSWORD = 'bench';

export default {
  name: 'sample-cost',
  summary: "one sample on the held session: the grouped query's round trip, its rows parsed",
  async run(context) {
    const postgres = await startServer(context);
    const client = await logIn(postgres, context.scope);
    const figures: Figure[] = [];
    let open = 1; // our own
    for (const size of SIZES) {
      await openSessions(postgres, size - open, context);
      open = size;
      context.progress(`${size} sessions`);
      figures.push(...(await measureAt(client, size)));
    }
    return {
      figures,
      notes: ['each round runs all three queries, one after the other; the peers’ rows are fetched and not parsed'],
    };
  },
} satisfies Benchmark;

async function measureAt(client: Client & { readonly pid: number }, size: number): Promise<Figure[]> {
  const query: RunQuery = async (sql, values) => ({
    ok: true,
    rows: (await client.query(sql, [...(values ?? [])])).rows,
  });
  const run = {
    grouped: async () => {
      const read = await readSessions(query, 'canary');
      if (!read.ok) throw new Error(read.reason);
    },
    numbackends: () => client.query('select sum(numbackends) from pg_stat_database'),
    everything: () => client.query('select * from pg_stat_activity'),
  };
  const tookMs = { grouped: [] as number[], numbackends: [] as number[], everything: [] as number[] };
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    for (const name of ['grouped', 'numbackends', 'everything'] as const) {
      const begun = performance.now();
      await run[name]();
      if (round >= 0) tookMs[name].push(performance.now() - begun);
    }
  }
  const before = await readCpuMs(client.pid);
  for (let round = 0; round < ROUNDS; round += 1) await run.grouped();
  const serverMs = ((await readCpuMs(client.pid)) - before) / ROUNDS;

  const numbackends = figureOf({ name: `sum(numbackends), ${size} sessions`, unit: 'ms' }, tookMs.numbackends);
  const everything = figureOf({ name: `all rows, ${size} sessions`, unit: 'ms' }, tookMs.everything);
  const peers: Peer[] = [numbackends, everything].map(({ name, value }) => ({
    name,
    value,
    source: 'measured in this run',
  }));
  const scrape = SCRAPE_PEERS[size];
  if (scrape !== undefined) peers.push(scrape);
  return [
    figureOf({ name: `a sample, ${size} sessions`, unit: 'ms', peers }, tookMs.grouped),
    singleFigure(
      { name: `server CPU of a sample, ${size} sessions`, unit: 'ms', peers: scrape === undefined ? [] : [scrape] },
      { statistic: 'mean', value: serverMs, n: ROUNDS },
    ),
    numbackends,
    everything,
  ];
}

async function startServer({ scope }: BenchmarkContext): Promise<RunningPostgres> {
  const postgres = await startPostgres({
    settings: { max_connections: 3_100 },
    roles: [
      { name: 'breakwater', password: PASSWORD, memberOf: ['pg_monitor', 'pg_signal_backend'] },
      ...CAST.map(({ name }) => ({ name, password: PASSWORD })),
    ],
    databases: CAST.map(({ name }) => ({ name, owner: name })),
  });
  scope.defer(() => postgres.close());
  return postgres;
}

/** As the bot: its role, its rights. */
async function logIn({ host, port }: RunningPostgres, scope: AsyncDisposableStack) {
  const client = new Client({ host, port, user: 'breakwater', password: PASSWORD, database: 'postgres', ssl: false });
  await client.connect();
  scope.defer(() => client.end());
  const { rows } = await client.query<{ readonly pid: number }>('select pg_backend_pid() as pid');
  return Object.assign(client, { pid: rows[0]?.pid ?? 0 });
}

/** So many more sessions of all the cast, from all its pods; what was opened before stays open. */
async function openSessions(
  { host, port }: RunningPostgres,
  wanted: number,
  { scope }: BenchmarkContext,
): Promise<void> {
  const players: Player[] = CAST.flatMap(({ name, pods }) =>
    pods.map((localAddress) =>
      createPlayer({
        name,
        user: name,
        password: PASSWORD,
        database: name,
        applicationName: name,
        localAddress,
        host,
        port,
      }),
    ),
  );
  scope.defer(async () => void (await Promise.all(players.map((player) => player.terminateAll()))));
  for (const [index, player] of players.entries()) {
    const share = Math.floor(wanted / players.length) + (index < wanted % players.length ? 1 : 0);
    const { refused } = await player.open(share);
    if (refused > 0) throw new Error(`${refused} sessions were refused`);
  }
}
