import type { Clock } from '../model/clock.ts';
import type { DatabaseActions } from '../model/database-actions.ts';
import type { KillInterruption, KillPlan } from '../model/kill-plan.ts';

/** A bot that has just started holds no session yet. */
const PATIENCE = { attempts: 8, everyMs: 2_000 } as const;

/** Which of the listed sessions still exist; that Breakwater ended the others nobody can know. */
export async function inspectInterruption(
  actions: Pick<DatabaseActions, 'readDetails'> | undefined,
  plan: KillPlan | null,
  { clock, signal }: { readonly clock: Clock; readonly signal?: AbortSignal | undefined },
): Promise<KillInterruption> {
  const listed = plan?.targets.length ?? 0;
  const unknown = (reason: string): KillInterruption => ({ listed, gone: null, still: null, reason });
  if (!plan) return unknown('its plan cannot be read');
  if (!actions) return unknown('the database is not watched any more');
  let details = await actions.readDetails();
  for (let attempt = 1; !details.ok && attempt < PATIENCE.attempts && signal?.aborted !== true; attempt += 1) {
    await clock.sleep(PATIENCE.everyMs, signal);
    details = await actions.readDetails();
  }
  if (!details.ok) return unknown(details.reason);
  const living = new Set(details.value.map(({ pid, backendStart }) => `${pid} ${backendStart}`));
  const still = plan.targets.filter(({ pid, backendStart }) => living.has(`${pid} ${backendStart}`)).length;
  return { listed, gone: listed - still, still, reason: null };
}
