import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import type { Player } from '../../players/create-player.ts';
import { type Stage, setStage } from '../../stage/set-stage.ts';

/** The world in which one bot after the other is killed, and what is true of it: told by the server and by the journal. */
export interface Ground {
  readonly stage: Stage;
  /** Client backends that live now, without Breakwater's own and the one that looks, as `pid backend_start`. */
  living(): Promise<ReadonlySet<string>>;
  /** Opens what is missing of the sessions that may be ended, and of those that may not. */
  refill(): Promise<void>;
  /** What the journal holds of a run, and of its act in the timelines of incidents. */
  readRun(id: string): Written;
  close(): Promise<void>;
}

export interface Written {
  readonly events: readonly Event[];
  /** Facts of acts in the order of the timeline. */
  readonly acts: readonly { readonly stage: string; readonly figures?: Readonly<Record<string, number>> }[];
}

interface Event {
  readonly type: string;
  readonly data: { readonly outcome?: Readonly<Record<string, unknown>>; readonly fact?: Fact };
}

type Fact = Written['acts'][number] & { readonly type: string; readonly confirmation?: string | null };

/** Sessions of the application that is to be ended; over two pods. */
export const STALE = 60;

export async function createGround(): Promise<Ground> {
  await using started = new AsyncDisposableStack();
  const stage = await setStage({ maxConnections: 200, sampling: { calm: '1s', fast: '250ms' }, canary: false });
  started.defer(() => stage.close());
  const truth = new Client({ ...stage.postgres.superuser, ssl: false, application_name: 'truth' });
  started.defer(() => truth.end());
  await truth.connect();
  const rosa = stage.discord.actAs('rosa');
  const opened = await rosa.command('incident open', { title: 'stale sessions' });
  await opened.final({ timeoutMs: 10_000 });
  const path = join(dirname(stage.postgres.dataDirectory), 'breakwater.db');

  const podOf = (application: string): Player => {
    const pod = stage.pods.get(application)?.[0];
    if (pod === undefined) throw new Error(`${application} has no pod`);
    return pod;
  };
  const bystanders = [[podOf('metricity'), 4] as const, [podOf('metabase'), 6] as const, [stage.superuser, 2] as const];
  const busy = podOf('site');
  const all = started.move();
  return {
    stage,
    async living() {
      const { rows } = await truth.query<{ readonly who: string }>(LIVING);
      return new Set(rows.map(({ who }) => who));
    },
    async refill() {
      const wanted = [...stage.leakers.map((each) => [each, STALE / 2] as const), ...bystanders];
      await Promise.all(wanted.map(([player, count]) => player.open(Math.max(0, count - player.count()))));
      const fresh = 3 - busy.count();
      await busy.open(fresh);
      busy.runQueries(fresh);
    },
    readRun(id) {
      const journal = new DatabaseSync(path, { readOnly: true });
      try {
        const rows = journal.prepare(EVENTS).all(`runs/${id}`);
        const events = rows.map(({ type, data }): Event => ({ type: String(type), data: JSON.parse(String(data)) }));
        const facts = journal
          .prepare(ACTS)
          .all()
          .map(({ data }) => JSON.parse(String(data)) as Event['data']);
        const acts = facts.flatMap(({ fact }) => (fact?.type === 'act' && fact.confirmation === id ? [fact] : []));
        return { events, acts };
      } finally {
        journal.close();
      }
    },
    close: () => all.disposeAsync(),
  };
}

/** As `/db kill-stale` writes the moment into its list. */
const LIVING = `
  select pid || ' ' || to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US"+00"') as who
  from pg_stat_activity
  where backend_type = 'client backend' and usename <> 'breakwater' and application_name not in ('truth', 'observer')`;

const EVENTS = 'SELECT type, data FROM event WHERE stream = ? ORDER BY seq';
const ACTS = `SELECT data FROM event WHERE stream LIKE 'incidents/%' ORDER BY stream, seq`;
