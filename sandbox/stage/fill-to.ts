import { setTimeout as delay } from 'node:timers/promises';
import type { Player } from '../players/create-player.ts';
import type { Stage } from './set-stage.ts';

const MOST_OPENED = 400;
/** By then the canary's session, which comes and goes, is gone from the count. */
const CANARY_GONE_MS = 150;

export interface FillOptions {
  /** Sessions opened each second of real time. */
  readonly perSecond: number;
  /** When it is enough; a number: when PostgreSQL has so many client backends. */
  readonly until: number | (() => Promise<boolean>);
}

/** Opens one session after the other, so that none is under way, and lost again, when it is enough. */
export async function fillTo(
  { observer }: Pick<Stage, 'observer'>,
  players: readonly Player[],
  { perSecond, until }: FillOptions,
): Promise<void> {
  const isEnough = typeof until === 'function' ? until : async () => (await observer.count()) >= until;
  for (let turn = 0; !(await holds(isEnough)); turn += 1) {
    if (turn > MOST_OPENED) throw new Error(`${MOST_OPENED} attempts to open a session were not enough`);
    await players[turn % players.length]?.open(1);
    await delay(1_000 / perSecond);
  }
}

/** What the canary's session alone made true does not hold. */
async function holds(isEnough: () => Promise<boolean>): Promise<boolean> {
  if (!(await isEnough())) return false;
  await delay(CANARY_GONE_MS);
  return isEnough();
}
