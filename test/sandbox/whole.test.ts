import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createFeed } from '../../sandbox/discord/feed.ts';

const path = (file: string): string => fileURLToPath(new URL(`../../sandbox/${file}`, import.meta.url));

/** All processes below one, by pid: what a kill -9 must not leave behind. */
function descendantsOf(ancestor: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return [{ pid: Number(pid), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) }];
      } catch {
        return []; // it ended while we looked
      }
    });
  const children = parents.filter(({ parent }) => parent === ancestor).map(({ pid }) => pid);
  return [...children, ...children.flatMap(descendantsOf)];
}

/** Not a zombie that nobody has reaped yet. */
function lives(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}

/** `npm run sandbox` with a person at its terminal. */
async function openSandbox() {
  const directory = await mkdtemp(join(tmpdir(), 'breakwater-terminal-'));
  const child = spawn(process.execPath, [path('main.ts'), '--port', '0'], { cwd: directory, stdio: 'pipe' });
  const lines = createFeed<string>();
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const shows = (pattern: RegExp) =>
    lines.waitFor((line) => pattern.test(line), {
      timeoutMs: 40_000,
      what: `${pattern}, in\n${lines.items.join('\n')}\n`,
    });
  await shows(/charts go to/);
  return {
    pid: child.pid ?? 0,
    ended,
    shows,
    type: (text: string) => child.stdin.write(`${text}\n`),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

describe('the drill', () => {
  it('replays connection-surge to recovery and prints one JSON object', { timeout: 90_000 }, async () => {
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, [path('drill.ts'), '--json'], { maxBuffer: 10_000_000 });
    expect(JSON.parse(stdout)).toMatchObject({
      scenario: 'connection-surge',
      failures: [],
      recovered: true,
      detectMs: expect.any(Number),
      acknowledgeMs: expect.any(Number),
      recoverMs: expect.any(Number),
      peakSessions: 100,
      terminated: expect.any(Number),
      spared: 0,
      messages: expect.any(Number),
      edits: expect.any(Number),
      incident: { id: expect.stringMatching(/^\d{8}-\d{4}$/), events: expect.any(Number) },
      postmortem: expect.stringContaining('## Blameless root cause'),
    });
  });

  it.each([
    ['a scenario that does not exist', ['no-such']],
    ['one JSON object of all scenarios', ['all', '--json']],
    ['two scenarios', ['flapping', 'slow-leak']],
  ])('refuses %s with status 2', async (_, args) => {
    const drill = spawn(process.execPath, [path('drill.ts'), ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    const said: unknown[] = [];
    drill.stdout.on('data', (chunk) => said.push(chunk));
    const status = await new Promise((resolve) => drill.once('exit', resolve));
    expect([status, said]).toEqual([2, []]);
  });

  it('lists every scenario, each with a name of its own', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [path('drill.ts'), '--list']);
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    const files = readdirSync(path('scenarios')).filter((file) => !/^(catalogue|scenario)\.ts$/.test(file));
    expect(new Set(names)).toEqual(new Set(files.map((file) => file.replace('.ts', ''))));
  });
});

describe('the sandbox', () => {
  it('takes slash commands and clicks, and shows what a member sees', { timeout: 90_000 }, async () => {
    await using sandbox = await openSandbox();
    sandbox.type('as olive');
    sandbox.type('/db status database:main');
    await sandbox.shows(/main: \d+ of 100 connections in use/);
    await sandbox.shows(/\[1: Refresh\]/);
    sandbox.type('1');
    await sandbox.shows(/message 1: main: \d+ of 100/);
    sandbox.type('as vic');
    sandbox.type('/db status');
    await sandbox.shows(/This needs the level/);
    sandbox.type('quit');
    expect(await sandbox.ended).toBe(0);
  });

  it('leaves no process and no file behind, also after kill -9 and with pods that stand still', {
    timeout: 90_000,
  }, async () => {
    await using sandbox = await openSandbox();
    sandbox.type('abandon site');
    await sandbox.shows(/the old pods are gone/);
    const below = descendantsOf(sandbox.pid);
    const directories = serverDirectoriesOf(below);
    expect(below.length, 'the bot, the server, and a process for each pod').toBeGreaterThan(15);
    expect(directories.length).toBe(1);
    process.kill(sandbox.pid, 'SIGKILL');
    const isLeft = () => below.some(lives) || readdirSync(tmpdir()).some((name) => directories.includes(name));
    for (let tries = 0; isLeft() && tries < 400; tries += 1) await delay(50);
    expect(below.filter(lives)).toEqual([]);
    expect(readdirSync(tmpdir()).filter((name) => directories.includes(name))).toEqual([]);
  });
});

/** The server's own directories below the temporary one, from the command lines. */
function serverDirectoriesOf(pids: readonly number[]): string[] {
  const lines = pids.map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  const names = lines.flatMap((line) =>
    [...line.matchAll(new RegExp(`${tmpdir()}/([^/\0]+)/data`, 'g'))].map(([, name]) => name ?? ''),
  );
  return [...new Set(names)];
}
