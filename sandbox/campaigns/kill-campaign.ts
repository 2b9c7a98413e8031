import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { only } from './kill/check.ts';
import { type Outcome, runSchedule } from './kill/run-schedule.ts';

/**
 * `npm run campaign -- kill --schedules 1000 --seed 1`: bots with previews, clicks and acts under way, killed with -9 at
 * random moments. Exit status 1 when an act was done unasked or twice, or something durable was forgotten, in any.
 */
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    schedules: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    /** At once: half of their time is starting. */
    parallel: { type: 'string', default: '3' },
  },
});
const [schedules, firstSeed, parallel] = [values.schedules, values.seed, values.parallel].map(Number);
if (![schedules, firstSeed, parallel].every((value) => Number.isSafeInteger(value) && Number(value) > 0)) {
  console.error('usage: npm run campaign -- kill [--schedules N] [--seed N] [--parallel N]');
  process.exit(2);
}

const directory = await mkdtemp(join(tmpdir(), 'kill-campaign-'));
const outcomes: Outcome[] = [];
const seeds = Array.from({ length: Number(schedules) }, (_, index) => Number(firstSeed) + index).values();
const begin = Date.now();

async function work(): Promise<void> {
  for (const seed of seeds) {
    const outcome = await runSchedule(seed, join(directory, `${seed}.db`));
    outcomes.push(outcome);
    if (outcome.faults.length > 0) console.log(`seed ${seed}: ${outcome.faults.join('; ')}`);
    if (outcomes.length % 100 === 0) console.log(`${outcomes.length} schedules`);
  }
}

await Promise.all(Array.from({ length: Number(parallel) }, work));
await rm(directory, { recursive: true });

const lines = outcomes.flatMap((outcome) => outcome.lines);
const killedAfter = outcomes.flatMap((outcome) => outcome.killedAfter);
const claims = only(lines, 'answered').filter(({ wants }) => wants === 'claim');
const interrupted = only(lines, 'remembers').filter((line) => line.interrupted);
const acted = new Set(only(lines, 'terminates').map(({ id }) => id));
const moments = [...Map.groupBy(killedAfter, (say) => say)].sort(([, a], [, b]) => b.length - a.length);
const failed = outcomes.filter(({ faults }) => faults.length > 0);
console.log(
  [
    `${outcomes.length} schedules, seeds ${firstSeed} to ${Number(firstSeed) + Number(schedules) - 1}, in ${Math.round((Date.now() - begin) / 1_000)} s`,
    `${killedAfter.length} kills -9, after: ${moments.map(([say, all]) => `${say} ${all.length}`).join(', ')}`,
    `${only(lines, 'proposed').length} previews, ${claims.length} clicks on the act, of which ${claims.filter(({ refused }) => refused === null).length} got it; ${only(lines, 'terminates').length} terminations`,
    `${interrupted.length} found interrupted, ${new Set(interrupted.filter(({ id }) => acted.has(id)).map(({ id }) => id)).size} of them with terminations done`,
    failed.length === 0
      ? 'no act unasked or twice, nothing forgotten'
      : `failed: ${failed.map(({ seed }) => seed).join(' ')}`,
  ].join('\n'),
);
process.exitCode = failed.length === 0 ? 0 : 1;
