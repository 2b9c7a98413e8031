import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Binaries } from '../../../sandbox/postgres/binaries.ts';
import { configure, createDataDirectory } from '../../../sandbox/postgres/data-directory.ts';
import type { RunAs } from '../../../sandbox/postgres/run-as.ts';

const SELF: RunAs = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, stranger: false, prefix: ['env'] };
/** Makes the data directory with a file that tells which run made it. */
const INITDB =
  '#!/bin/sh\nfor a; do case $a in --pgdata=*) mkdir "${a#*=}" && echo $$ > "${a#*=}/made-by";; esac; done\n';

let directory = '';
let binaries: Binaries = { bin: '', version: '18.4', env: {} };
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'breakwater-data-'));
  binaries = { bin: join(directory, 'bin'), version: '18.4', env: { PATH: process.env['PATH'] ?? '' } };
  mkdirSync(binaries.bin);
  writeFileSync(join(binaries.bin, 'initdb'), INITDB, { mode: 0o755 });
  writeFileSync(join(binaries.bin, 'postgres'), '');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function create(name: string, cache: string): { password: string; madeBy: string } {
  const server = join(directory, name);
  mkdirSync(server);
  const password = createDataDirectory(server, binaries, SELF, cache);
  return { password, madeBy: readFileSync(join(server, 'data/made-by'), 'utf8') };
}

it('runs initdb once and copies its result afterwards, password included', () => {
  const cache = join(directory, 'cache');
  const first = create('first', cache);
  expect(create('second', cache)).toEqual(first);
});

it('runs initdb again for another build of the programs', () => {
  const cache = join(directory, 'cache');
  const first = create('first', cache);
  writeFileSync(join(binaries.bin, 'postgres'), 'another');
  expect(create('second', cache).madeBy).not.toBe(first.madeBy);
});

it('leaves one template and no drafts', () => {
  const cache = join(directory, 'cache');
  create('first', cache);
  create('second', cache);
  expect(readdirSync(cache)).toHaveLength(1);
});

it('does without a template where it cannot keep one', () => {
  const notADirectory = join(binaries.bin, 'postgres');
  const first = create('first', notADirectory);
  expect(create('second', notADirectory).madeBy).not.toBe(first.madeBy);
});

it('writes settings as PostgreSQL reads them', () => {
  configure(directory, { cluster_name: "it's", fsync: true, max_connections: 5 });
  const written = readFileSync(join(directory, 'postgresql.conf'), 'utf8');
  expect(written).toContain("cluster_name = 'it''s'\n");
  expect(written).toContain("fsync = 'on'\n");
  expect(written).toContain("max_connections = '5'\n");
});
