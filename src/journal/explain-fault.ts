/**
 * Why the journal's file cannot be read or written, and what to do about it, for people. Knows SQLite's result codes
 * (https://www.sqlite.org/rescode.html; the low byte is the primary one) and those of the file system.
 */
export function explainFault(error: unknown, path: string): string {
  // Only what is read from the journal is parsed here.
  if (error instanceof SyntaxError) return explainDamage(path);
  const { code, errcode } = (error instanceof Error ? error : {}) as { code?: unknown; errcode?: unknown };
  const explain = typeof errcode === 'number' ? SQLITE[errcode & 0xff] : SYSTEM[String(code)];
  if (explain !== undefined) return explain(path);
  const detail = error instanceof Error ? error.message : String(error);
  return `the journal ${path} fails: ${detail}`;
}

/** Deleting or replacing an open file raises no error: SQLite would go on writing into what nobody can find again. */
export function explainGone(path: string): string {
  return `${path} was deleted or replaced while it was open: put it back, or restart the bot, which makes a new one`;
}

/** The file opens, and its pages do not hold together. */
export function explainDamage(path: string): string {
  return `${path} is damaged: move it and its -wal and -shm files aside (sqlite3's .recover may read them) and restart the bot, which makes a new one`;
}

const busy = (path: string) => `another process holds ${path}: end it (fuser -v ${path} names it)`;
const full = (path: string) => `the disk that holds ${path} is full: make room on it`;
const readOnly = (path: string) =>
  `${path} is not writable: give the bot's user write access to the file and its directory`;

const wayBlocked = (path: string) => `a part of the way to ${path} is a file: name another one for the journal`;

const SQLITE: Readonly<Record<number, (path: string) => string>> = {
  5: busy,
  6: busy,
  8: readOnly,
  10: (path) => `the disk that holds ${path} fails: look at it (dmesg), or move the journal`,
  11: explainDamage,
  13: full,
  14: (path) => `${path} cannot be opened: the bot's user needs write access to the file and its directory`,
  26: (path) => `${path} is not a database: move it aside, or name another file for the journal`,
};

const SYSTEM: Readonly<Record<string, (path: string) => string>> = {
  EACCES: readOnly,
  EPERM: (path) => `${path} belongs to somebody else: make the bot's user the owner of the file and its directory`,
  EROFS: (path) => `${path} lies on a read-only file system: mount a writable volume, or name another file`,
  ENOSPC: full,
  EDQUOT: full,
  EEXIST: wayBlocked,
  ENOTDIR: wayBlocked,
  EISDIR: (path) => `${path} is a directory: name a file in it`,
  ERR_INVALID_STATE: (path) => `the journal ${path} is closed`,
};
