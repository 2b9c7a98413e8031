import { readWorkloads, type WorkloadChange, type WorkloadState } from '../stage/cluster/watch-workloads.ts';
import type { Stage } from '../stage/set-stage.ts';
import type { Recorder } from './recorder.ts';
import { comesToHold } from './see-alerts.ts';

/** What is true before a recovery, to be held against what is true after it. */
export interface Before {
  /** In the order of the configuration. */
  readonly dependents: readonly string[];
  readonly workloads: ReadonlyMap<string, WorkloadState>;
}

/** After `restart`, however it went: everybody is back as before, no row is lost, and there never were two servers. */
export async function expectWhole(stage: Stage, recorder: Recorder, before: Before): Promise<void> {
  for (const fault of await findHarm(stage, before)) recorder.expect(false, fault);
  recorder.expect(true, `${stage.ledger?.acknowledged() ?? 0} acknowledged rows were looked for`);
}

/** What is not as it was, in sentences; nothing when all is well. */
export async function findHarm(stage: Stage, { dependents, workloads }: Before): Promise<readonly string[]> {
  const { cluster, ledger } = stage;
  if (cluster === null || ledger === null) throw new Error('this wants a stage with a cluster and a ledger');
  const faults: string[] = [];
  const after = readWorkloads(cluster.kubernetes.api);
  for (const [name, { replicas, held }] of workloads) {
    const now = after.get(name);
    if (now?.replicas !== replicas) faults.push(`${name} has ${now?.replicas ?? 'no'} replicas, and had ${replicas}`);
    if (now?.held !== held) faults.push(`${name} remembers ${now?.held ?? 'no'} held replicas`);
  }
  await Promise.all(['postgres', ...dependents].map((name) => cluster.settled(name)));
  const isBack = (name: string): boolean => cluster.pods(name).every((player) => player.count() > 0);
  for (const name of dependents)
    if (!(await comesToHold(() => isBack(name)))) faults.push(`the clients of ${name} are not back`);
  await ledger.writes(3);
  const verdict = await ledger.verify();
  if (!verdict.complete) faults.push(`rows are lost, doubled or damaged: ${JSON.stringify(verdict)}`);
  const { twoPostmasters } = cluster.kubelets;
  if (twoPostmasters.length > 0) faults.push(`two servers on one volume: ${JSON.stringify(twoPostmasters)}`);
  return faults;
}

/**
 * What `restart` may change, once each and in this order: dependents held from the last to the first, the server down and up,
 * dependents released from the first to the last (product.md §7).
 */
export function listRestart({ dependents, workloads }: Before): readonly string[] {
  const had = (name: string): number => workloads.get(name)?.replicas ?? 0;
  return [
    ...dependents.toReversed().map((name) => `${name} ${had(name)} → 0`),
    `postgres ${had('postgres')} → 0`,
    `postgres 0 → ${had('postgres')}`,
    ...dependents.map((name) => `${name} 0 → ${had(name)}`),
  ];
}

/** As in `site 3 → 0`; what only an annotation changed is said too. */
export function describeChange({ workload, from, to }: WorkloadChange): string {
  if (from.replicas !== to.replicas) return `${workload} ${from.replicas} → ${to.replicas}`;
  return `${workload} ${JSON.stringify(from)} → ${JSON.stringify(to)}`;
}
