import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Before } from '../../drill/expect-restarted.ts';
import { demandCluster } from '../../stage/cluster/demand-cluster.ts';
import type { StageCluster } from '../../stage/cluster/set-cluster.ts';
import { readWorkloads } from '../../stage/cluster/watch-workloads.ts';
import { type Stage, setStage } from '../../stage/set-stage.ts';

/** The world in which one bot after the other dies in the middle of a restart: one for all of them. */
export interface Ground {
  readonly stage: Stage;
  readonly cluster: StageCluster;
  /** What must be true again after each. */
  readonly before: Before;
  /** The environment of a bot that counts its commits, or dies at one of them; `tells` reads what it told. */
  prepare(death: Death | null): { readonly env: Readonly<Record<string, string>>; tells(): readonly string[] };
  /** What the journal holds of recoveries, by stream. */
  readRuns(): ReadonlyMap<string, readonly string[]>;
  close(): Promise<void>;
}

/** The n-th commit that writes to a stream of a recovery or of its evidence, counted from the start of that bot. */
export interface Death {
  readonly point: number;
  readonly side: 'before' | 'after';
}

const PRELOAD = new URL('die-at-commit.ts', import.meta.url).href;
const TIME_SCALE = 5;
/** Released in this order, held in reverse. */
const DEPENDENTS = ['site', 'metricity'];
/** Who is no dependent only costs processes here. */
const AWAY = ['metabase', 'pinnwand', 'bitwarden', 'blackknight', 'grafana'];

export async function createGround(): Promise<Ground> {
  await using started = new AsyncDisposableStack();
  const stage = await setStage({
    timeScale: TIME_SCALE,
    cluster: { sessions: { site: 4, metricity: 2 } },
    dependents: DEPENDENTS,
    ledger: true,
    startBot: false,
  });
  started.defer(() => stage.close());
  const cluster = demandCluster(stage);
  await Promise.all([cluster.scale('site', 2), ...AWAY.map((name) => cluster.scale(name, 0))]);
  await stage.ledger?.writes(20);
  const directory = dirname(stage.postgres.dataDirectory);
  const before = { dependents: DEPENDENTS, workloads: readWorkloads(cluster.kubernetes.api) };
  let lives = 0;
  const all = started.move();
  return {
    stage,
    cluster,
    before,
    prepare(death) {
      lives += 1;
      const file = join(directory, `commits-${lives}`);
      const env = {
        NODE_OPTIONS: `--import ${PRELOAD}`,
        CRASH_TOLD: file,
        ...(death !== null && { CRASH_POINT: String(death.point), CRASH_SIDE: death.side }),
      };
      return { env, tells: () => readTold(file) };
    },
    readRuns: () => readRuns(join(directory, 'breakwater.db')),
    close: () => all.disposeAsync(),
  };
}

/** For each commit, in order, what it wrote. */
function readTold(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => (JSON.parse(line) as { readonly wrote: readonly string[] }).wrote.join(', '));
}

function readRuns(path: string): ReadonlyMap<string, readonly string[]> {
  if (!existsSync(path)) return new Map();
  const journal = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = journal.prepare(EVENTS).all();
    const byStream = Map.groupBy(rows, ({ stream }) => String(stream));
    return new Map([...byStream].map(([stream, events]) => [stream, events.map(({ type }) => String(type))]));
  } finally {
    journal.close();
  }
}

const EVENTS = `SELECT stream, type FROM event WHERE stream LIKE 'recoveries/%' ORDER BY stream, seq`;
