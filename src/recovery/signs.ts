import { NOBODY_TRIES, type Verdict } from '../model/admission.ts';
import { usableConnections } from '../model/capacity.ts';
import type { ClusterNode, Pod } from '../model/cluster.ts';
import { nodeUnder, podsOf } from '../model/pods-of.ts';
import { countSessions } from '../model/session-group.ts';
import { type ApplicationTally, tallyApplications } from '../model/tally.ts';
import type { Workload } from '../model/workload.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { RecoveryFacts } from './facts.ts';

/** What every condition looks at first, read from the facts once. Null: it cannot be told. */
export interface Signs {
  readonly facts: RecoveryFacts;
  /** Of the fresh, ordinary connection. */
  readonly verdict: Verdict | null;
  /** Ordinary clients get in now: tried, or by the counts where nobody tries. */
  readonly letsIn: boolean;
  readonly use: Use | null;
  /** Largest first; empty where nobody could count. */
  readonly applications: readonly ApplicationTally[];
  readonly workload: Workload | null;
  /** The server's, Terminating ones too. */
  readonly pods: readonly Pod[] | null;
  /** The node that matters: under its pod, the one that is not Ready first. */
  readonly node: ClusterNode | null;
}

export interface Use {
  readonly used: number;
  readonly usable: number;
  readonly max: number;
}

/** One thing that may be wrong: null where it is not. Pure. */
export type DiagnoseOne = (signs: Signs) => Diagnosis | null;

export function readSigns(facts: RecoveryFacts): Signs {
  const { snapshot, settings, workload, cluster } = facts;
  const { admission, sessions } = snapshot;
  const use = readUse(snapshot);
  const pods = workload !== null && cluster?.ok ? podsOf(workload.reference, cluster.value) : null;
  const node = pods !== null && cluster?.ok ? nodeUnder(pods, cluster.value, facts.at) : null;
  const inferredIn = !admission.ok && admission.reason === NOBODY_TRIES && use !== null && use.used < use.usable;
  return {
    facts,
    verdict: admission.ok ? admission.value.verdict : null,
    letsIn: inferredIn || (admission.ok && admission.value.verdict === 'admitted'),
    use,
    applications: sessions.ok ? tallyApplications(sessions.value, settings.applications) : [],
    workload: workload?.workload.ok ? workload.workload.value : null,
    pods,
    node: node?.ok ? node.value : null,
  };
}

function readUse({ sessions, server }: RecoveryFacts['snapshot']): Use | null {
  if (!sessions.ok || !server.ok) return null;
  const { capacity } = server.value;
  return { used: countSessions(sessions.value), usable: usableConnections(capacity), max: capacity.max };
}

/** `97 of 97 usable connections are in use (max 100)`. */
export function describeUse({ used, usable, max }: Use): string {
  return `${used} of ${usable} usable connections are in use (max ${max})`;
}

/** `13:24:00 UTC`, as alerts and timelines write it. */
export function timeOf(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`;
}
