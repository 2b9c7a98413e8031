import { z } from 'zod';
import type { Change } from '../model/cluster-changes.ts';
import type { PoolerPause } from '../model/database-recovery.ts';
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
    say: 'Lets its clients go on. It must say RESUME, or "not paused" where they do already.',
    run: poolerByHand(params, 'RESUME'),
    otherwise: 'It gives no answer: restart PgBouncer itself; its clients connect again.',
  },
  // SHOW DATABASES says paused = 0 whatever a PAUSE of all pools did, and SHOW STATE is newer than 1.18 (measured there).
  { say: 'Says it once more, to see: it must say "not paused".', run: poolerByHand(params, 'RESUME') },
];

export async function checkResume({ pooler }: Pick<StepTools, 'pooler'>): Promise<Standing> {
  if (pooler === null) return { kind: 'blocked', saw: NO_POOLER };
  const pause = await pooler.readPause();
  // To resume what is not paused does nothing.
  if (!pause.ok) return { kind: 'ready', saw: `whether PgBouncer is paused is not known: ${pause.reason}` };
  return { kind: pause.value === 'running' ? 'acted' : 'ready', saw: PAUSE_WORDS[pause.value] };
}

export async function actResume({ pooler }: Pick<StepTools, 'pooler'>): Promise<Change> {
  return pooler === null ? { kind: 'refused', reason: NO_POOLER } : await pooler.resume();
}

export async function verifyResume({ pooler }: Pick<StepTools, 'pooler'>): Promise<Verified> {
  if (pooler === null) return { kind: 'failed', saw: NO_POOLER };
  const pause = await pooler.readPause();
  if (!pause.ok) return { kind: 'unknown', saw: `PgBouncer's console gives no answer: ${pause.reason}` };
  return pause.value === 'running'
    ? { kind: 'holds', saw: 'PgBouncer lets its clients go on' }
    : { kind: 'waiting', saw: `still: ${PAUSE_WORDS[pause.value]}` };
}

export const PAUSE_WORDS = {
  paused: 'PgBouncer is paused',
  pausing: 'PgBouncer is about to be paused: PAUSE waits for a client, and newcomers wait for it',
  running: 'PgBouncer is not paused',
} as const satisfies Record<PoolerPause, string>;

export const NO_POOLER = 'no PgBouncer is configured any more: set `databases[].pgbouncer`, or do it by hand';
