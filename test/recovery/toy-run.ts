import type { RecoveryRun } from '../../src/recovery/run.ts';
import {
  createJumpingClock,
  createToyDesk,
  createToyJournal,
  createToyWorld,
  type ToyDesk,
  toyPlan,
} from '../support/toy-recovery.ts';

export const PLAN = ['hold:site', 'hold:bot', 'switch:a', 'optional:b', 'free:bot', 'free:site'];
export const REQUEST = {
  requestedBy: 'rosa',
  diagnosis: null,
  policy: 'two-person',
  until: Date.UTC(2100, 0, 1),
  breakGlassAt: null,
} as const;
export const APPROVED = { by: 'emil', how: 'second-person', reason: null } as const;

/** A world, a journal, and the first life of a desk over them; `live` is the next. */
export function start() {
  const world = createToyWorld();
  const journal = createToyJournal();
  const clock = createJumpingClock();
  const live = (): ToyDesk => createToyDesk({ world, journal, clock });
  return { world, journal, clock, live, ...live() };
}

/** Asks for PLAN, or another. */
export async function request({ desk }: Pick<ToyDesk, 'desk'>, plan = toyPlan(PLAN)): Promise<RecoveryRun> {
  const taken = await desk.request({ plan, ...REQUEST });
  if (!taken.ok) throw new Error(taken.reason);
  return taken.run;
}

/** Asked for, approved, and run until it waits for somebody or is over. */
export async function approved(toy: Pick<ToyDesk, 'desk' | 'settled'>, plan = toyPlan(PLAN)): Promise<RecoveryRun> {
  const { id } = await request(toy, plan);
  const taken = await toy.desk.approve(id, APPROVED);
  if (!taken.ok) throw new Error(taken.reason);
  return toy.settled(id);
}

/** Of each step, in the order of the plan. */
export const statesOf = ({ steps }: RecoveryRun) => steps.map(({ state }) => state);
