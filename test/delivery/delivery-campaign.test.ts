import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSchedule } from '../../sandbox/campaigns/delivery/run-schedule.ts';

/** The short form of `npm run campaign`; the seeds are those that once found something, or that have every fault in them. */
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'delivery-'));
});
afterAll(() => rm(directory, { recursive: true }));

test.concurrent.each(SEEDS)('no alert is lost or doubled in schedule %i', async (seed) => {
  const { faults, alerts } = await runSchedule(seed, join(directory, `${seed}.db`));
  expect(alerts).toBeGreaterThan(0);
  expect(faults).toEqual([]);
});
