import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Outcome, runSchedule } from './delivery/run-schedule.ts';

/**
 * `npm run campaign -- --schedules 1000 --seed 1`: randomised schedules of alerts, Discord faults and kills of the bot,
 * each on real sockets and a real journal. Exit status 1 when an alert was lost or doubled in any.
 */
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    schedules: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    /** At once: most of their time is waiting. */
    parallel: { type: 'string', default: '4' },
  },
});
const [schedules, firstSeed, parallel] = [values.schedules, values.seed, values.parallel].map(Number);
if (![schedules, firstSeed, parallel].every((value) => Number.isSafeInteger(value) && Number(value) > 0)) {
  console.error('usage: npm run campaign -- [--schedules N] [--seed N] [--parallel N]');
  process.exit(2);
}

const directory = await mkdtemp(join(tmpdir(), 'delivery-campaign-'));
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

const failed = outcomes.filter(({ faults }) => faults.length > 0);
const sum = (count: (outcome: Outcome) => number): number => outcomes.reduce((total, one) => total + count(one), 0);
console.log(
  [
    `${outcomes.length} schedules, seeds ${firstSeed} to ${Number(firstSeed) + Number(schedules) - 1}, in ${Math.round((Date.now() - begin) / 1_000)} s`,
    `${sum(({ alerts }) => alerts)} alerts, ${sum(({ restarts }) => restarts)} restarts`,
    `told by ${sum(({ ways }) => ways.own)} messages of their own, ${sum(({ ways }) => ways.elsewhere)} in the other channel, ${sum(({ ways }) => ways.digest)} lines of digests, ${sum(({ ways }) => ways.note)} lines of notes`,
    failed.length === 0 ? 'no alert lost or doubled' : `failed: ${failed.map(({ seed }) => seed).join(' ')}`,
  ].join('\n'),
);
process.exitCode = failed.length === 0 ? 0 : 1;
