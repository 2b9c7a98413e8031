import { onTestFinished } from 'vitest';
import type { Hooks } from '../../sandbox/kubernetes/api/http/hooks.ts';
import type { KubeObject, NewObject } from '../../sandbox/kubernetes/api/object.ts';
import { createSandboxKubernetes, type SandboxKubernetes } from '../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import deployments from '../../sandbox/kubernetes/resources/deployments.ts';
import statefulSets from '../../sandbox/kubernetes/resources/stateful-sets.ts';
import { createClient, type KubernetesClient } from '../../src/kubernetes/client.ts';
import { createClusterChanges } from '../../src/kubernetes/cluster-changes.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { ClusterChanges } from '../../src/model/cluster-changes.ts';
import { systemClock } from '../../src/time/system-clock.ts';

export const SITE = { namespace: 'default', kind: 'deployment', name: 'site' } as const;
export const SET = { namespace: 'default', kind: 'statefulset', name: 'site' } as const;

/** An API server with the workloads `site`, and a bot that changes them. */
export interface ChangesGround {
  readonly server: SandboxKubernetes;
  readonly client: KubernetesClient;
  readonly changes: ClusterChanges;
  /** As the server has it now. */
  readonly site: () => KubeObject;
  readonly uid: () => string;
  /** As somebody else would. */
  change(act: (object: KubeObject) => void): void;
  /** How many PATCHes came. */
  patches(): number;
}

export interface ChangesGroundOptions extends Hooks {
  readonly clock?: Clock;
  /** Metadata of the workload. */
  readonly site?: object;
  readonly kind?: 'deployment' | 'statefulset';
  /** What somebody else does between the look and the write, `times` times (1). */
  readonly meanwhile?: (ground: ChangesGround) => void;
  readonly times?: number;
}

export async function createChangesGround(options: ChangesGroundOptions = {}): Promise<ChangesGround> {
  const { clock = systemClock, site = {}, kind = 'deployment', meanwhile, times = 1, ...hooks } = options;
  let left = meanwhile ? times : 0;
  const server = await createSandboxKubernetes({
    authorise(_, __, asked) {
      if (asked.verb === 'patch' && left-- > 0) meanwhile?.(ground);
      return { allowed: true };
    },
    ...hooks,
  });
  onTestFinished(() => server.close());
  const type = kind === 'deployment' ? deployments : statefulSets;
  server.api.create(type, workloadObject(kind, site));
  const kubeconfig = {
    source: 'a test',
    server: { name: 'c', server: server.url, skipTLSVerify: true },
    user: { name: 'u' },
  };
  const client = createClient({ kubeconfig, clock });
  onTestFinished(() => client.close());
  const read = (): KubeObject => server.api.get(type, 'default', 'site') as KubeObject;
  const ground: ChangesGround = {
    server,
    client,
    changes: createClusterChanges({ client, clock }),
    site: read,
    uid: () => read().metadata.uid,
    change: (act) => void server.api.change(type, 'default', 'site', act),
    patches: () => server.requests.filter(({ method }) => method === 'PATCH').length,
  };
  return ground;
}

export function workloadObject(kind: 'deployment' | 'statefulset', metadata: object = {}): NewObject {
  return {
    apiVersion: 'apps/v1',
    kind: kind === 'deployment' ? 'Deployment' : 'StatefulSet',
    metadata: { name: 'site', namespace: 'default', ...metadata },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'site' } },
      template: { metadata: { labels: { app: 'site' } }, spec: { containers: [{ name: 'site', image: 'site:1' }] } },
    },
  };
}
