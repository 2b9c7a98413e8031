import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { readChildren, readTitle, signalIfThere } from './children.ts';
import type { RunningPostgres } from './start-postgres.ts';

/**
 * What the recovery has to replay: some 40 MB, 0.3 s of it (measured: 69 MB took 0.56 s, four times as fast as they were
 * written). That is only time enough to catch it at work: how long it takes is said by whoever crashes the server.
 */
const ROWS = 180_000;
const LOOK_EVERY_MS = 2;
const APPEARS_WITHIN_MS = 10_000;

/** Writes what a crash recovery must replay, over a superuser session of its own. */
export async function writeMuch({ superuser }: Pick<RunningPostgres, 'superuser'>): Promise<void> {
  const client = new Client({ ...superuser, ssl: false });
  await client.connect();
  try {
    // A checkpoint in the middle would leave little to replay; fast, so that the next one is far away.
    await client.query('checkpoint');
    await client.query('create table if not exists written (id text, n int)');
    await client.query(`insert into written select pg_catalog.md5(n::text), n from generate_series(1, ${ROWS}) n`);
  } finally {
    await client.end();
  }
}

/**
 * kill -9 of a backend: every other session ends with it, and the server recovers from the crash. As on a disk that
 * hangs its replay stands still until letRecover; new clients get 57P03. Resolves when it stands. Call writeMuch before.
 */
export async function crash({ pid }: Pick<RunningPostgres, 'pid'>, backend: number): Promise<void> {
  if (pid === null) throw new Error('PostgreSQL is stopped');
  if (!signalIfThere(backend, 'SIGKILL')) throw new Error(`there is no backend ${backend}`);
  await holdRecovery(() => pid);
}

/**
 * Catches the replay of the postmaster that runs, or comes to run, and lets it stand still until letRecover. `postmaster`: its
 * pid, null while there is none.
 */
export async function holdRecovery(postmaster: () => number | null): Promise<void> {
  signalIfThere(await findStartup(postmaster), 'SIGSTOP');
}

/** Lets a crash recovery that stands still go on. */
export function letRecover({ pid }: Pick<RunningPostgres, 'pid'>): void {
  for (const child of pid === null ? [] : readChildren(pid)) signalIfThere(child, 'SIGCONT');
}

async function findStartup(postmaster: () => number | null): Promise<number> {
  for (let waitedMs = 0; waitedMs < APPEARS_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    const pid = postmaster();
    const startup = (pid === null ? [] : readChildren(pid)).find((child) =>
      readTitle(child)?.startsWith('postgres: startup'),
    );
    if (startup !== undefined) return startup;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error('the crash recovery was over before it could be seen: it had too little to replay');
}
