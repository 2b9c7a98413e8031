import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGround, type Ground } from '../../sandbox/campaigns/kill-bot/ground.ts';
import { runSchedule } from '../../sandbox/campaigns/kill-bot/run-schedule.ts';

/** The short form of `npm run campaign -- kill-bot`. */
const SEEDS = [1, 2, 3, 4, 5, 6];
let ground: Ground;

beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());

it.each(SEEDS)(
  'killed with -9 after the click, it has ended nobody who was not shown, and tells what is true, in schedule %i',
  async (seed) => {
    const { faults, listed } = await runSchedule(ground, seed);
    expect(faults).toEqual([]);
    expect(listed).toBe(60);
  },
  60_000,
);
