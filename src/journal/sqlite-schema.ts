import type { DatabaseSync } from 'node:sqlite';

/** "BRKW", in the file's header: tells this journal from another program's database. */
export const APPLICATION_ID = 0x42524b57;

/**
 * One step per version of the schema, the first makes it. Steps that have been released never change; a new one is
 * added at the end. `stream.last_seq` outlives a compaction that leaves no event.
 */
export const MIGRATIONS: readonly string[] = [
  `
    PRAGMA application_id = ${APPLICATION_ID};
    CREATE TABLE writer (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      epoch    INTEGER NOT NULL
    ) STRICT;
    INSERT INTO writer (only_row, epoch) VALUES (1, 0);
    CREATE TABLE stream (
      name     TEXT NOT NULL PRIMARY KEY,
      last_seq INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE event (
      stream  TEXT NOT NULL,
      seq     INTEGER NOT NULL,
      type    TEXT NOT NULL,
      version INTEGER NOT NULL,
      at      INTEGER NOT NULL,
      epoch   INTEGER NOT NULL,
      data    TEXT NOT NULL,
      PRIMARY KEY (stream, seq)
    ) STRICT, WITHOUT ROWID;
  `,
];

/** Brings the schema to the newest version. Inside the caller's transaction; throws what SQLite throws. */
export function migrate(database: DatabaseSync, migrations: readonly string[] = MIGRATIONS): void {
  const from = readPragma(database, 'user_version');
  for (const step of migrations.slice(from)) database.exec(step);
  // A pragma takes no parameters; the number is ours.
  if (from < migrations.length) database.exec(`PRAGMA user_version = ${migrations.length}`);
}

/** Why this file is not to be touched, for people; null for a journal of this or an older version, or a new file. */
export function findForeign(database: DatabaseSync, path: string): string | null {
  const tables = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'];
  if (tables !== 0 && readPragma(database, 'application_id') !== APPLICATION_ID) {
    return `${path} is another program's SQLite database: name another file for the journal`;
  }
  const version = readPragma(database, 'user_version');
  if (version > MIGRATIONS.length) {
    return `${path} was written by a newer version of breakwater (schema ${version}, this one knows ${MIGRATIONS.length}): run that version, or name another file`;
  }
  return null;
}

function readPragma(database: DatabaseSync, pragma: 'application_id' | 'user_version'): number {
  return Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}
