import { HELD_REPLICAS } from '../../../src/model/cluster-changes.ts';
import type { KubeApi } from '../../kubernetes/api/kube-api.ts';
import type { KubeObject } from '../../kubernetes/api/object.ts';
import deployments from '../../kubernetes/resources/deployments.ts';

/** What somebody changed of a Deployment: one accepted request, one change. */
export interface WorkloadChange {
  readonly workload: string;
  readonly from: WorkloadState;
  readonly to: WorkloadState;
}

export interface WorkloadState {
  readonly replicas: number;
  /** The annotation that remembers them while it is held; null where there is none. */
  readonly held: string | null;
  /** As `kubectl rollout restart` marks it; null where it never was. */
  readonly restartedAt: string | null;
}

/** The Deployments of `default`, by name. */
export function readWorkloads(api: KubeApi): ReadonlyMap<string, WorkloadState> {
  return new Map(api.list(deployments, 'default').map((object) => [object.metadata.name, stateOf(object)]));
}

/** Writes down each change of a Deployment that its owner sees, in order; what its controller notes on it is none. */
export function watchWorkloads(api: KubeApi): { readonly changes: readonly WorkloadChange[]; stop(): void } {
  const changes: WorkloadChange[] = [];
  const stop = api.watch(({ resource, object, before }) => {
    if (resource !== deployments || before === null) return;
    const [from, to] = [stateOf(before), stateOf(object)];
    if (JSON.stringify(from) !== JSON.stringify(to)) changes.push({ workload: object.metadata.name, from, to });
  });
  return { changes, stop };
}

function stateOf({ metadata, spec }: KubeObject): WorkloadState {
  return {
    replicas: spec.replicas,
    held: metadata.annotations?.[HELD_REPLICAS] ?? null,
    restartedAt: spec.template.metadata.annotations?.['kubectl.kubernetes.io/restartedAt'] ?? null,
  };
}
