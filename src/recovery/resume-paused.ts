import { z } from 'zod';
import type { Change } from '../model/cluster-changes.ts';
import { psql } from './manual-commands.ts';
import type { ManualCommand, Standing, StepTools, Verified } from './step.ts';

export type PoolerParams = z.infer<typeof poolerParams>;
export const poolerParams = z.object({ host: z.string(), port: z.number(), user: z.string() });

/** The admin console is a database of this name: https://www.pgbouncer.org/usage.html#admin-console */
export function poolerByHand(params: PoolerParams, command: string): string {
  return psql({ ...params, database: 'pgbouncer' }, `${command};`);
}

export const RESUME_BY_HAND = (params: PoolerParams): readonly ManualCommand[] => [
  {
    say: 'Lets its clients go on. It must say RESUME, or "not paused", when they do already.',
    run: poolerByHand(params, 'RESUME'),
    otherwise: 'It gives no answer: restart PgBouncer itself; its clients connect again.',
  },
  { say: 'Looks: "paused" must be 0 in every line.', run: poolerByHand(params, 'SHOW DATABASES') },
];

export async function checkResume({ pooler }: Pick<StepTools, 'pooler'>): Promise<Standing> {
  if (pooler === null) return { kind: 'blocked', saw: NO_POOLER };
  const paused = await pooler.readPaused();
  // To resume what is not paused does nothing.
  if (!paused.ok) return { kind: 'ready', saw: `whether PgBouncer is paused is not known: ${paused.reason}` };
  return paused.value
    ? { kind: 'ready', saw: 'PgBouncer is paused' }
    : { kind: 'acted', saw: 'PgBouncer is not paused' };
}

export async function actResume({ pooler }: Pick<StepTools, 'pooler'>): Promise<Change> {
  return pooler === null ? { kind: 'refused', reason: NO_POOLER } : await pooler.resume();
}

export async function verifyResume({ pooler }: Pick<StepTools, 'pooler'>): Promise<Verified> {
  if (pooler === null) return { kind: 'failed', saw: NO_POOLER };
  const paused = await pooler.readPaused();
  if (!paused.ok) return { kind: 'unknown', saw: `PgBouncer's console gives no answer: ${paused.reason}` };
  return paused.value
    ? { kind: 'waiting', saw: 'PgBouncer is still paused' }
    : { kind: 'holds', saw: 'PgBouncer lets its clients go on' };
}

export const NO_POOLER = 'no PgBouncer is configured any more: set `databases[].pgbouncer`, or do it by hand';
