import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Binaries } from './binaries.ts';
import type { RunAs } from './run-as.ts';

export const SUPERUSER = 'postgres';

/** initdb takes 0.5 s, a copy of its result 0.04 s; `--wal-segsize` keeps that at 30 MB. */
const INITDB_OPTIONS = ['--encoding=UTF8', '--locale=C', '--no-sync', '--wal-segsize=1', '--auth=scram-sha-256'];

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/breakwater-postgres/', import.meta.url));

/** Makes `directory/data` ready to start, and returns its superuser's password. */
export function createDataDirectory(directory: string, binaries: Binaries, runAs: RunAs, cache = CACHE): string {
  const data = join(directory, 'data');
  const template = join(cache, templateKey(binaries, runAs));
  if (existsSync(template)) {
    copyTree(join(template, 'data'), data);
    return readFileSync(join(template, 'password'), 'utf8');
  }
  const password = randomBytes(16).toString('hex');
  initialise(directory, data, password, binaries, runAs);
  keepAsTemplate(data, password, template);
  return password;
}

/** A template serves one build of the programs, one recipe and one user: what another user left is not touched. */
function templateKey(binaries: Binaries, runAs: RunAs): string {
  const { mtimeMs, size } = statSync(join(binaries.bin, 'postgres'));
  const parts = [binaries.bin, binaries.version, mtimeMs, size, runAs.uid, process.getuid?.(), ...INITDB_OPTIONS];
  return `${binaries.version}-${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12)}`;
}

function initialise(directory: string, data: string, password: string, binaries: Binaries, runAs: RunAs): void {
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  chownSync(passwordFile, runAs.uid, runAs.gid);
  const [command, ...rest] = runAs.prefix;
  const initdb = [join(binaries.bin, 'initdb'), `--pgdata=${data}`, `--username=${SUPERUSER}`];
  execFileSync(command, [...rest, ...initdb, `--pwfile=${passwordFile}`, ...INITDB_OPTIONS], {
    cwd: directory,
    env: binaries.env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  rmSync(passwordFile);
}

/** The rename publishes the template whole: of many that start at once, one wins and the others drop theirs. */
function keepAsTemplate(data: string, password: string, template: string): void {
  const draft = `${template}.${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(draft, { recursive: true });
    chmodSync(draft, 0o700);
    copyTree(data, join(draft, 'data'));
    writeFileSync(join(draft, 'password'), password, { mode: 0o600 });
    renameSync(draft, template);
  } catch {
    // Read-only node_modules or a quicker rival: the cache only saves time.
    rmSync(draft, { recursive: true, force: true });
  }
}

function copyTree(from: string, to: string): void {
  execFileSync('cp', ['-a', '--reflink=auto', from, to]);
}

export type Settings = Readonly<Record<string, string | number | boolean>>;

/** Nothing here need survive a crash of the machine, hence no fsync. TCP only: no socket file to leave behind. */
const BASE_SETTINGS: Settings = {
  unix_socket_directories: '',
  fsync: false,
  synchronous_commit: false,
  full_page_writes: false,
  shared_buffers: '16MB',
  password_encryption: 'scram-sha-256',
  log_line_prefix: '%m [%p] ',
};

/** Writes postgresql.conf and pg_hba.conf anew; the players come from all over 127/8. */
export function configure(data: string, settings: Settings): void {
  const lines = Object.entries({ ...BASE_SETTINGS, ...settings }).map(([name, value]) => `${name} = ${quote(value)}`);
  writeFileSync(join(data, 'postgresql.conf'), `${lines.join('\n')}\n`);
  const admitted = ['all', 'replication'].map((database) => `host ${database} all 127.0.0.0/8 scram-sha-256`);
  writeFileSync(join(data, 'pg_hba.conf'), `${admitted.join('\n')}\n`);
}

function quote(value: string | number | boolean): string {
  const text = typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
  return `'${text.replaceAll("'", "''")}'`;
}
