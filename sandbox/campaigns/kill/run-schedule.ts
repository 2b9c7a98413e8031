import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createRandom, type Random } from '../delivery/random.ts';
import { checkLives, only } from './check.ts';
import type { Birth, Known, Line } from './line.ts';

export interface Outcome {
  readonly seed: number;
  /** What went wrong; nothing when all went well. */
  readonly faults: readonly string[];
  readonly lines: readonly Line[];
  /** What each killed life said last. */
  readonly killedAfter: readonly Line['say'][];
}

const CHILD = fileURLToPath(new URL('live.ts', import.meta.url));
const LONGEST_LIFE_MS = 150;
const MOMENTS = ['proposed', 'shown', 'clicks', 'answered', 'terminates', 'done', 'recorded'] as const;

/** Lets one to three lives of a bot be killed with -9, and a last one look at what they left. */
export async function runSchedule(seed: number, path: string): Promise<Outcome> {
  const random = createRandom(seed);
  const lives: Line[][] = [];
  const killed = random.int(1, 3);
  try {
    for (let life = 0; life <= killed; life += 1) {
      const before = lives.flat();
      const birth: Birth = {
        path,
        seed: seed * 10 + life,
        skewMs: only(before, 'passes').reduce((sum, { ms }) => sum + ms, 0),
        known: listKnown(before),
        gone: only(before, 'terminates').map(({ target }) => target),
        last: life === killed,
      };
      lives.push(await live(birth, random));
    }
    const last = lives.at(-1) ?? [];
    const ended = last.at(-1)?.say === 'ended' ? [] : ['the last life did not come to its end'];
    return {
      seed,
      faults: [...checkLives(lives), ...ended, ...checkSettled(last)],
      lines: lives.flat(),
      killedAfter: lives.slice(0, -1).flatMap((life) => life.at(-1)?.say ?? []),
    };
  } finally {
    await Promise.all(['', '-wal', '-shm'].map((end) => rm(`${path}${end}`, { force: true })));
  }
}

function listKnown(lines: readonly Line[]): readonly Known[] {
  const shown = new Set(only(lines, 'shown').map(({ id }) => id));
  return only(lines, 'proposed').map(({ id, hash }) => ({ id, hash, shown: shown.has(id) }));
}

async function live(birth: Birth, random: Random): Promise<Line[]> {
  const child = spawn(process.execPath, [CHILD, JSON.stringify(birth)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const lines: Line[] = [];
  const born = Promise.withResolvers<void>();
  // Half of them die by the clock, wherever they are; half at the heels of a certain moment.
  const moment = random.chance(0.5) ? random.pick(MOMENTS) : null;
  let left = random.int(1, 3);
  createInterface({ input: child.stdout }).on('line', (text) => {
    // A line that was cut off by the end was not said: only what is written at once is whole.
    const line = JSON.parse(text) as Line;
    lines.push(line);
    if (line.say === 'born') born.resolve();
    if (!birth.last && line.say === moment && (left -= 1) === 0) child.kill('SIGKILL');
  });
  await Promise.race([born.promise, ended]);
  if (!birth.last) {
    await Promise.race([delay(random.int(0, LONGEST_LIFE_MS)), ended]);
    child.kill('SIGKILL');
  }
  await ended;
  return lines;
}

/** What was found interrupted is settled as soon as a life lasts, and nothing that was given away is given again. */
function checkSettled(last: readonly Line[]): string[] {
  const settled = new Set(only(last, 'recorded').map(({ id }) => id));
  const left = only(last, 'remembers').filter(({ id, interrupted }) => interrupted && !settled.has(id));
  return left.map(({ id }) => `${id} was interrupted, and nobody was told`);
}
