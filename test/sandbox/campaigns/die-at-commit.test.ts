import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PRELOAD = new URL('../../../sandbox/campaigns/crash-points/die-at-commit.ts', import.meta.url).href;
const JOURNAL = new URL('../../../src/journal/open-sqlite-journal.ts', import.meta.url).href;
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Two commits of a run, with others around them. */
const PROGRAM = `
const { openSqliteJournal } = await import(${JSON.stringify(JOURNAL)});
const log = { debug() {}, info() {}, warn() {}, error() {} };
const clock = { now: () => 1, sleep: async () => {} };
const { journal } = await openSqliteJournal({ path: process.argv[1], log, clock });
const append = async (stream, seq, type, data) => {
  const done = await journal.append(stream, seq, journal.epoch, [{ type, version: 1, at: 1, data }]);
  if (!done.ok) throw new Error(JSON.stringify(done));
};
await append('alerts', 0, 'fired', {});
await append('recoveries/a', 0, 'requested', {});
await append('alerts', 1, 'resolved', {});
await append('recoveries/a', 1, 'began', { step: 'stop-server' });
await append('outbox', 0, 'put', {});
await journal.close();
`;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'breakwater-die-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function play(env: Readonly<Record<string, string>>) {
  const [path, told] = [join(directory, `${Math.random()}.db`), join(directory, `${Math.random()}.told`)];
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, path], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], NODE_OPTIONS: `--import ${PRELOAD}`, CRASH_TOLD: told, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const end = await new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare('SELECT type FROM event').all();
  database.close();
  const lines = await readFile(told, 'utf8').catch(() => '');
  const commits = lines.split('\n').filter(Boolean);
  return {
    end,
    stderr,
    commits: commits.map((line) => JSON.parse(line) as unknown),
    rows: rows.map(({ type }) => type),
  };
}

describe('a process that dies at a commit', () => {
  it('only counts and names those of recoveries, unless it is told to die', async () => {
    expect(await play({})).toEqual({
      end: 0,
      stderr: '',
      commits: [
        { commit: 1, wrote: ['requested'] },
        { commit: 2, wrote: ['began stop-server'] },
      ],
      rows: expect.arrayContaining(['fired', 'requested', 'resolved', 'began', 'put']) as unknown,
    });
  });

  it.each([
    { point: '1', side: 'before', rows: ['fired'], commits: 0 },
    { point: '1', side: 'after', rows: ['fired', 'requested'], commits: 1 },
    { point: '2', side: 'before', rows: ['fired', 'requested', 'resolved'], commits: 1 },
    { point: '2', side: 'after', rows: ['fired', 'requested', 'resolved', 'began'], commits: 2 },
  ])('dies $side commit $point, and at no other', async ({ point, side, rows, commits }) => {
    const played = await play({ CRASH_POINT: point, CRASH_SIDE: side });
    expect(played.end).toBe('SIGKILL');
    expect(new Set(played.rows)).toEqual(new Set(rows));
    expect(played.commits).toHaveLength(commits);
  });

  it('lives on where there are fewer', async () => {
    expect(await play({ CRASH_POINT: '3', CRASH_SIDE: 'before' })).toMatchObject({ end: 0, stderr: '' });
  });
});
