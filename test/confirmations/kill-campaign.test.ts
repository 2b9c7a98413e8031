import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkLives } from '../../sandbox/campaigns/kill/check.ts';
import type { Line } from '../../sandbox/campaigns/kill/line.ts';
import { runSchedule } from '../../sandbox/campaigns/kill/run-schedule.ts';

/** The short form of `npm run campaign -- kill`. */
const SEEDS = [1, 2, 3, 4];
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kill-'));
});
afterAll(() => rm(directory, { recursive: true }));

test.concurrent.each(SEEDS)(
  'bots killed with -9 act once at most on what was confirmed, and forget nothing, in schedule %i',
  async (seed) => {
    const { faults, lines } = await runSchedule(seed, join(directory, `${seed}.db`));
    expect(lines.at(-1)).toEqual({ say: 'ended' });
    expect(faults).toEqual([]);
  },
  60_000,
);

const proposed: Line = { say: 'proposed', id: 'a', hash: 'h', targets: ['t'] };
const shown: Line = { say: 'shown', id: 'a' };
const clicks: Line = { say: 'clicks', id: 'a', by: 'ada', wants: 'claim', forged: false };
const given: Line = { say: 'answered', id: 'a', by: 'ada', wants: 'claim', forged: false, refused: null };
const ends: Line = { say: 'terminates', id: 'a', target: 't' };
const done: Line = { say: 'done', id: 'a', terminated: 1 };
const remembers = (kind: string | null, outcome: unknown = null): Line => {
  return { say: 'remembers', id: 'a', hash: kind && 'h', kind, interrupted: kind === 'claimed', outcome };
};

test.each<[string, Line[][], RegExp | null]>([
  ['nothing that is wrong', [[proposed, shown, clicks, given, ends], [remembers('claimed')]], null],
  ['an act without a proposal', [[ends]], /without a proposal/],
  ['an act for what was not shown', [[proposed, clicks, given, ends]], /not shown/],
  ['an act that nobody confirmed', [[proposed, shown, ends]], /nobody confirmed/],
  [
    'a session that was not in the plan',
    [[proposed, shown, clicks, given, { ...ends, target: 'u' }]],
    /not in the plan/,
  ],
  ['a session that is ended twice', [[proposed, shown, clicks, given, ends], [ends]], /ended twice/],
  ['what is given away twice', [[proposed, shown, clicks, given, given]], /given away twice/],
  [
    'what is given away after its time',
    [[proposed, shown, { say: 'recorded', id: 'a', stage: 'expired' }, given]],
    /after its end/,
  ],
  ['what is given away for a forged hash', [[proposed, shown, { ...given, forged: true }]], /forged/],
  ['a preview that is forgotten', [[proposed], [remembers(null)]], /remembered as null/],
  [
    'a claim that is forgotten',
    [[proposed, shown, clicks, given], [remembers('open')]],
    /claimed and is remembered as open/,
  ],
  [
    'an outcome that is forgotten',
    [[proposed, shown, clicks, given, ends, done], [remembers('claimed')]],
    /done and is remembered/,
  ],
  ['a claim that nobody asked for', [[proposed, shown], [remembers('claimed')]], /nobody asked/],
])('the campaign sees %s', (_, lives, fault) => {
  const faults = checkLives(lives);
  if (fault === null) expect(faults).toEqual([]);
  else expect(faults.join()).toMatch(fault);
});
