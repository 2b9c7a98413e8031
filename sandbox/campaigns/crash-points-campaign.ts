import { parseArgs } from 'node:util';
import { listDeaths, sampleDeaths } from './crash-points/choose-deaths.ts';
import { createGround, type Death } from './crash-points/ground.ts';
import { type Outcome, runPoint } from './crash-points/run-point.ts';

/**
 * `npm run campaign -- crash-points`: PostgreSQL is restarted by `/db recover` once for each commit of the run to the journal
 * and each side of it, by a bot that the kernel kills there and a next one that is told to resume. Exit status 1 when, in any,
 * what is true was not told, something was done twice or unasked, somebody stayed held, or a row is lost.
 */
const USAGE = `npm run campaign -- crash-points [--point N --side before|after] [--sample N --seed N]`;
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    point: { type: 'string' },
    side: { type: 'string', default: 'before' },
    /** So many of all points instead of each. */
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const numbers = [values.point, values.sample, values.seed].filter((value) => value !== undefined).map(Number);
const { side } = values;
if (!numbers.every((value) => Number.isSafeInteger(value) && value > 0) || (side !== 'before' && side !== 'after')) {
  console.error(`usage: ${USAGE}`);
  process.exit(2);
}

const begin = Date.now();
const outcomes: Outcome[] = [];
let names: readonly string[] = [];
let ground = await createGround();
try {
  if (values.point === undefined) {
    const counted = await runPoint(ground, null);
    names = counted.commits;
    tell(counted);
  }
  for (const death of choose(names.length)) {
    if (outcomes.at(-1)?.faults.length) {
      // What is stuck in this world is no fault of the next point's.
      await ground.close();
      ground = await createGround();
    }
    tell(await runPoint(ground, death));
  }
} finally {
  await ground.close();
}

const failed = outcomes.filter(({ faults }) => faults.length > 0);
const ends = [...Map.groupBy(outcomes, ({ found }) => found)].map(([found, all]) => `${found} ${all.length}`);
console.log(
  [
    '',
    `${outcomes.length} restarts, ${names.length} commits each, in ${Math.round((Date.now() - begin) / 1_000)} s`,
    `the next life found: ${ends.join(', ')}`,
    failed.length === 0
      ? 'each was found, told and carried to its end; nothing twice, nobody left held, no row lost'
      : `failed: ${failed.map(({ death }) => nameOf(death)).join('; ')}`,
  ].join('\n'),
);
process.exitCode = failed.length === 0 ? 0 : 1;

function choose(commits: number): readonly Death[] {
  if (values.point !== undefined) return [{ point: Number(values.point), side: side === 'after' ? 'after' : 'before' }];
  return values.sample === undefined
    ? listDeaths(commits)
    : sampleDeaths(commits, Number(values.sample), Number(values.seed));
}

function tell(outcome: Outcome): void {
  outcomes.push(outcome);
  const { death, found, faults, tookMs } = outcome;
  const seconds = `${(tookMs / 1_000).toFixed(1)} s`;
  const result = faults.length === 0 ? 'ok' : `FAILED: ${faults.join('; ')}`;
  console.log(`${nameOf(death).padEnd(70)} ${found.padEnd(13)} ${seconds.padStart(7)}  ${result}`);
}

function nameOf(death: Death | null): string {
  if (death === null) return `counted: ${names.length} commits`;
  return `${death.side} ${death.point} ${names[death.point - 1] ?? ''}`.trimEnd();
}
