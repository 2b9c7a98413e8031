import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listDeaths, sampleDeaths } from '../../../sandbox/campaigns/crash-points/choose-deaths.ts';
import { createGround, type Ground } from '../../../sandbox/campaigns/crash-points/ground.ts';
import { runPoint } from '../../../sandbox/campaigns/crash-points/run-point.ts';

describe('the points of a run', () => {
  it('are both sides of each commit', () => {
    expect(listDeaths(2).map(({ point, side }) => `${side} ${point}`)).toEqual([
      'before 1',
      'after 1',
      'before 2',
      'after 2',
    ]);
  });

  it('are sampled from all parts of it, the same by the same seed', () => {
    const sampled = sampleDeaths(40, 4, 7);
    expect(sampled).toEqual(sampleDeaths(40, 4, 7));
    expect(sampled.map(({ point }) => Math.ceil(point / 10))).toEqual([1, 2, 3, 4]);
    expect(sampleDeaths(1, 4, 7)).toHaveLength(2);
    expect(sampleDeaths(40, 4, 8)).not.toEqual(sampled);
  });
});

/** Until there is a `/db recover` there is nothing that could die. */
const isThere = existsSync(new URL('../../../commands/db/recover.ts', import.meta.url));
const SAMPLE = 2;
const SEED = 6;

/** The short form of `npm run campaign -- crash-points`. */
describe.skipIf(!isThere)('a restart whose bot is killed at a commit to the journal', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround();
  }, 120_000);
  afterAll(() => ground.close());

  it(`is carried to its end by the next one, at ${SAMPLE} points of all`, { timeout: 300_000 }, async () => {
    const { commits, faults } = await runPoint(ground, null);
    expect({ faults, few: commits.length < 20 }).toEqual({ faults: [], few: false });
    for (const death of sampleDeaths(commits.length, SAMPLE, SEED)) {
      const outcome = await runPoint(ground, death);
      expect(outcome.faults, `${death.side} ${death.point}, ${outcome.found}`).toEqual([]);
      expect(outcome.found).not.toBe('lived');
    }
  });
});
