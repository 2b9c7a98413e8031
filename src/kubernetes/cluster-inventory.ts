import { z } from 'zod';
import type { Clock } from '../model/clock.ts';
import type { ClusterInventory, Scaler } from '../model/cluster-inventory.ts';
import type { Workload } from '../model/workload.ts';
import type { KubernetesClient } from './client.ts';
import { listAll } from './list-all.ts';
import { metadataSchema, readTime } from './metadata.ts';
import { nullIfMissing, type Observe } from './observe.ts';
import { parseWorkload } from './read-workload.ts';

/**
 * Needs `list` on deployments, statefulsets and horizontalpodautoscalers in the namespaces asked for, and `get` on leases in
 * kube-node-lease.
 */
export function createClusterInventory({
  client,
  clock,
  observe,
}: {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly observe: Observe;
}): ClusterInventory {
  const listWorkloads = async (namespace: string, kind: string): Promise<readonly Workload[]> => {
    const path = `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/${kind}s`;
    const parse = (object: unknown): Workload =>
      parseWorkload(object, { namespace, kind, name: nameSchema.parse(object).metadata.name });
    return (await listAll(client, clock, { path, parse })).items;
  };
  return {
    listWorkloads: (namespace) =>
      observe(async () => {
        const lists = await Promise.all(KINDS.map((kind) => listWorkloads(namespace, kind)));
        return lists.flat();
      }),
    listScalers: (namespace) =>
      observe(async () => {
        const path = `/apis/autoscaling/v2/namespaces/${encodeURIComponent(namespace)}/horizontalpodautoscalers`;
        return (await listAll(client, clock, { path, parse: (object) => readScaler(object, namespace) })).items;
      }),
    readNodeLease: (node) =>
      observe(async () => {
        const path = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${encodeURIComponent(node)}`;
        const lease = await nullIfMissing(client.request({ path }));
        return lease === null ? null : readTime(leaseSchema.parse(lease).spec?.renewTime);
      }),
  };
}

const KINDS = ['deployment', 'statefulset'] as const;

function readScaler(object: unknown, namespace: string): Scaler {
  const { metadata, spec } = scalerSchema.parse(object);
  const { kind, name } = spec.scaleTargetRef;
  return { name: metadata.name, namespace, target: { namespace, kind: kind.toLowerCase(), name } };
}

const nameSchema = z.object({ metadata: metadataSchema.pick({ name: true }) });
const scalerSchema = nameSchema.extend({
  spec: z.object({ scaleTargetRef: z.object({ kind: z.string(), name: z.string() }) }),
});
const leaseSchema = z.object({ spec: z.object({ renewTime: z.string().nullish() }).nullish() });
