import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findNpmPackage, prepareNpmBinaries, restoreLibraryLinks } from '../../../sandbox/postgres/binaries.ts';
import { chooseRunAs } from '../../../sandbox/postgres/run-as.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'breakwater-binaries-'));
  chmodSync(directory, 0o755);
});
afterEach(() => {
  execFileSync('chmod', ['-R', 'u+w', directory]);
  rmSync(directory, { recursive: true });
});

/** A package as npm leaves it: the libraries, and a list of links instead of the links. */
function layOutPackage(): string {
  const installed = join(directory, 'package');
  mkdirSync(join(installed, 'native/lib'), { recursive: true });
  writeFileSync(join(installed, 'native/lib/libx.so.60.2'), '');
  const links = ['native/lib/libx.so', 'native/lib/libx.so.60'];
  const listed = links.map((target) => ({ source: 'native/lib/libx.so.60.2', target }));
  writeFileSync(join(installed, 'native/pg-symlinks.json'), JSON.stringify(listed));
  return installed;
}

it('restores the listed library links beside their libraries', () => {
  const installed = layOutPackage();
  expect(restoreLibraryLinks(installed, join(directory, 'spare'))).toBeNull();
  expect(readlinkSync(join(installed, 'native/lib/libx.so.60'))).toBe('libx.so.60.2');
});

it('leaves links alone that are there already', () => {
  const installed = layOutPackage();
  restoreLibraryLinks(installed, join(directory, 'spare'));
  const before = lstatSync(join(installed, 'native/lib/libx.so')).ctimeMs;
  restoreLibraryLinks(installed, join(directory, 'spare'));
  expect(lstatSync(join(installed, 'native/lib/libx.so')).ctimeMs).toBe(before);
});

it('makes a package usable that the user of the server can neither enter nor change', () => {
  const closed = join(directory, 'closed');
  const spare = join(directory, 'spare');
  mkdirSync(closed);
  mkdirSync(spare);
  execFileSync('cp', ['-a', findNpmPackage(), join(closed, 'package')]);
  const native = join(closed, 'package/native');
  execFileSync('find', [join(native, 'lib'), '-type', 'l', '-delete']);
  const runAs = chooseRunAs();
  // Root could write anywhere, but nobody may not enter; an ordinary user may enter, but not write.
  if (runAs.stranger) chmodSync(closed, 0o700);
  else chmodSync(join(native, 'lib'), 0o555);

  const { bin, env } = prepareNpmBinaries(join(closed, 'package'), runAs, spare);
  const [command, ...rest] = runAs.prefix;
  const said = execFileSync(command, [...rest, join(bin, 'initdb'), '--version'], { env: { ...process.env, ...env } });
  expect(said.toString()).toMatch(/^initdb \(PostgreSQL\) 18/);
  expect(existsSync(join(bin, 'postgres'))).toBe(true);
});
