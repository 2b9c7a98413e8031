import type { VanishedPod } from '../model/cluster.ts';
import type { KillPod, KillTarget } from '../model/kill-plan.ts';
import type { JudgedSession } from '../model/staleness.ts';

/** A selected session as a plan lists it. Pure. */
export function toTarget({ session, application, ownership }: JudgedSession): KillTarget {
  const { pid, backendStart, userId, databaseId, state, stateChange } = session;
  const { user, database, applicationName, address, stateMs, ageMs, waitEvent } = session;
  return {
    pid,
    backendStart,
    userId,
    databaseId,
    state,
    stateChange,
    user,
    database,
    application,
    applicationName,
    address,
    // Never null for one that was selected.
    stateMs: stateMs ?? 0,
    ageMs: ageMs ?? 0,
    ...(state === 'active' && waitEvent !== null && { waitEvent }),
    ...(ownership?.kind === 'orphaned' && { pod: ownership.pod && toPod(ownership.pod) }),
  };
}

function toPod({ namespace, name, owner, vanishedAt }: VanishedPod): KillPod {
  return {
    namespace,
    name,
    owner: owner && `${owner.kind}/${owner.name}`,
    revision: owner?.revision ?? null,
    vanishedAt,
  };
}
