import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import { explainDamage, explainFault } from './explain-fault.ts';
import type { Journal } from './journal.ts';
import { createSqliteJournal, inTransaction } from './sqlite-journal.ts';
import { findForeign, migrate } from './sqlite-schema.ts';

export type Opened =
  | { readonly ok: true; readonly journal: Journal }
  /** For people: why not, and what to do. */
  | { readonly ok: false; readonly reason: string };

export type Prepared =
  | { readonly ok: true; readonly database: DatabaseSync; readonly epoch: number }
  | { readonly ok: false; readonly reason: string };

/** How long SQLite waits for another process's lock. It waits on the bot's one thread, and nothing else goes on meanwhile. */
const BUSY_MS = 200;

/**
 * FULL: a commit has reached the disk before it is acknowledged. The checkpoint after 1,000 pages of 4 KiB is SQLite's
 * default, said here because the journal leans on it; the size limit gives back what a burst made of the -wal file.
 */
const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 1000;
  PRAGMA journal_size_limit = 4194304;
`;

/** What a killed process left; a reader in the way leaves it for the next checkpoint. */
const EMPTY_WAL = 'PRAGMA wal_checkpoint(TRUNCATE)';
const TAKE_EPOCH = 'UPDATE writer SET epoch = epoch + 1 RETURNING epoch';

/**
 * Opens the journal in the SQLite file at `path`, made when it is missing, and takes the next epoch: whoever had it
 * open before is fenced from now on. Never throws.
 */
export async function openSqliteJournal(options: {
  readonly path: string;
  readonly log: Log;
  readonly clock: Clock;
}): Promise<Opened> {
  const { path, log } = options;
  const prepared = prepareSqliteFile(path);
  if (!prepared.ok) return prepared;
  log.info({ path, epoch: prepared.epoch }, 'the journal is open');
  return { ok: true, journal: createSqliteJournal({ ...prepared, ...options }) };
}

/** The file, checked, migrated, and with an epoch of our own. The caller closes the database. */
export function prepareSqliteFile(path: string): Prepared {
  let database: DatabaseSync | null = null;
  try {
    makePrivate(path);
    database = new DatabaseSync(path, { timeout: BUSY_MS });
    const reason = findForeign(database, path) ?? findDamage(database, path);
    if (reason !== null) {
      database.close();
      return { ok: false, reason };
    }
    database.exec(SETTINGS);
    const epoch = takeEpoch(database);
    database.exec(EMPTY_WAL);
    return { ok: true, database, epoch };
  } catch (error) {
    database?.close();
    return { ok: false, reason: explainFault(error, path) };
  }
}

function takeEpoch(database: DatabaseSync): number {
  return inTransaction(database, () => {
    migrate(database);
    return Number(database.prepare(TAKE_EPOCH).get()?.['epoch']);
  });
}

/** Everything is read once, so that damage shows now and not when the event is needed: 100,000 events took 0.03 to 0.15 s. */
function findDamage(database: DatabaseSync, path: string): string | null {
  const verdict = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  return verdict === 'ok' ? null : explainDamage(path);
}

/**
 * Names of people and databases stand in it: for the bot's user alone. SQLite gives its -wal and -shm files the mode
 * of the database. An existing file is never opened here: closing it would drop the locks that this process has on
 * it (https://www.sqlite.org/howtocorrupt.html, 2.2).
 */
function makePrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (!existsSync(path)) closeSync(openSync(path, 'wx', 0o600));
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isFile() && (found.mode & 0o077) !== 0) chmodSync(file, 0o600);
  }
}
