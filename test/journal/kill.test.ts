import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { journalPath, openJournal } from '../support/journal-file.ts';

const CHILD = fileURLToPath(new URL('../support/append-forever.ts', import.meta.url));
const KILLS = 15;
const LONGEST_MS = 250;

const seed = Math.floor(Math.random() * 2 ** 32);
const moments = randomMoments(seed);

test(`kill -9 at ${KILLS} random moments (seed ${seed}) loses no acknowledged event and leaves no gap`, async () => {
  const path = journalPath();
  let before = 0;
  for (const ms of moments) {
    const acknowledged = await appendUntilKilled(path, ms);
    const journal = await openJournal(path);
    const read = await journal.read('alerts');
    await journal.close();
    if (!read.ok) throw new Error(read.reason);
    const at = `seed ${seed}, killed after ${ms} ms`;
    expect(read.events.length, at).toBeGreaterThanOrEqual(acknowledged);
    expect(acknowledged, at).toBeGreaterThan(before);
    expect(
      read.events.every(({ seq, data }, index) => seq === index + 1 && Object(data)[0] === seq),
      at,
    ).toBe(true);
    before = read.events.length;
  }
}, 60_000);

/** The last sequence that the child has acknowledged before it was killed, `ms` after its first one. */
async function appendUntilKilled(path: string, ms: number): Promise<number> {
  const child = spawn(process.execPath, [CHILD, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const ended = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), ended]);
  await delay(ms);
  child.kill('SIGKILL');
  await ended;
  // A line that was cut off was not printed.
  return Number(printed.split('\n').at(-2));
}

/** A small generator of its own (a linear congruential one), so that a seed in a report gives the same moments. */
function randomMoments(start: number): number[] {
  let state = start;
  return Array.from({ length: KILLS }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * LONGEST_MS);
  });
}
