import { parseArgs } from 'node:util';
import { createGround } from './kill-bot/ground.ts';
import { type Outcome, runSchedule } from './kill-bot/run-schedule.ts';

/**
 * `npm run campaign -- kill-bot --schedules 60 --seed 1`: the real bot, killed with -9 up to 300 ms after a click on
 * `/db kill-stale`, on a real PostgreSQL. Exit status 1 when a session died that was not shown, the next life ended
 * anything by itself, or what is told of it is not true of the server, in any.
 */
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    schedules: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
  },
});
const [schedules, firstSeed] = [Number(values.schedules), Number(values.seed)];
if (![schedules, firstSeed].every((value) => Number.isSafeInteger(value) && value > 0)) {
  console.error('usage: npm run campaign -- kill-bot [--schedules N] [--seed N]');
  process.exit(2);
}

const begin = Date.now();
const outcomes: Outcome[] = [];
const ground = await createGround();
try {
  for (let seed = firstSeed; seed < firstSeed + schedules; seed += 1) {
    const outcome = await runSchedule(ground, seed);
    outcomes.push(outcome);
    if (outcome.faults.length > 0)
      console.log(`seed ${seed}, ${outcome.killedAfterMs} ms: ${outcome.faults.join('; ')}`);
  }
} finally {
  await ground.close();
}

const failed = outcomes.filter(({ faults }) => faults.length > 0);
const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((total, one) => total + of(one), 0);
const ends = [...Map.groupBy(outcomes, ({ became }) => became)].map(([became, all]) => `${became} ${all.length}`);
const partly = outcomes.filter(({ died, listed }) => died > 0 && died < listed);
console.log(
  [
    `${outcomes.length} schedules, seeds ${firstSeed} to ${firstSeed + schedules - 1}, in ${Math.round((Date.now() - begin) / 1_000)} s`,
    `killed up to 300 ms after the click: ${ends.join(', ')}; ${partly.length} with some of the listed gone and some not`,
    `${sum(({ listed }) => listed)} sessions listed, ${sum(({ died }) => died)} ended`,
    failed.length === 0
      ? 'none died that was not shown, none unasked, and all that was told is true'
      : `failed: ${failed.map(({ seed }) => seed).join(' ')}`,
  ].join('\n'),
);
process.exitCode = failed.length === 0 ? 0 : 1;
