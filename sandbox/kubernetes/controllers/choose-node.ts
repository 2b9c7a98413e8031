import type { KubeObject } from '../api/object.ts';
import { isActive, isReady } from './pod-state.ts';
import { isTolerated, type Taint } from './tolerates.ts';

export type NodeChoice =
  | { readonly kind: 'node'; readonly name: string }
  /** In the words of the scheduler's FailedScheduling. */
  | { readonly kind: 'none'; readonly message: string };

/**
 * A node for a pod: ready, not cordoned, without a taint that it does not tolerate, with its nodeSelector's labels; of
 * several the one with the fewest pods. A ReadWriteOnce volume keeps no pod off another node: only its attachment fails
 * there, with Multi-Attach. `claims` are the pod's; null for one that does not exist.
 */
export function chooseNode(
  pod: KubeObject,
  {
    nodes,
    pods,
    claims,
  }: {
    readonly nodes: readonly KubeObject[];
    readonly pods: readonly KubeObject[];
    readonly claims: ReadonlyMap<string, KubeObject | null>;
  },
): NodeChoice {
  const prefix = `0/${nodes.length} nodes are available: `;
  if (nodes.length === 0) return { kind: 'none', message: 'no nodes available to schedule pods' };
  for (const [name, claim] of claims) {
    if (!claim) return { kind: 'none', message: `${prefix}persistentvolumeclaim "${name}" not found.` };
    if (claim.status?.phase !== 'Bound')
      return { kind: 'none', message: `${prefix}pod has unbound immediate PersistentVolumeClaims.` };
    if (claim.spec.accessModes?.includes('ReadWriteOncePod') && isUsedByAnother(pod, name, pods)) {
      const why = `node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode.`;
      return { kind: 'none', message: `${prefix}${nodes.length} ${why}` };
    }
  }
  const refusals = new Map<string, number>();
  const fitting = nodes.filter((node) => {
    const why = refuse(pod, node);
    if (why !== null) refusals.set(why, (refusals.get(why) ?? 0) + 1);
    return why === null;
  });
  const load = (node: KubeObject): number =>
    pods.filter((other) => isActive(other) && other.spec.nodeName === node.metadata.name).length;
  const best = fitting.map((node) => ({ node, load: load(node) })).sort((one, other) => one.load - other.load)[0];
  if (best) return { kind: 'node', name: best.node.metadata.name };
  const reasons = [...refusals].map(([why, count]) => `${count} node(s) ${why}`).sort();
  return { kind: 'none', message: `${prefix}${reasons.join(', ')}.` };
}

export function claimNamesOf({ spec }: KubeObject): readonly string[] {
  const volumes = (spec.volumes ?? []) as readonly { persistentVolumeClaim?: { claimName: string } }[];
  return volumes.flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim ? [persistentVolumeClaim.claimName] : [],
  );
}

function refuse(pod: KubeObject, node: KubeObject): string | null {
  if (node.spec?.unschedulable === true) return 'were unschedulable';
  const taints = ((node.spec?.taints ?? []) as readonly Taint[]).filter(({ effect }) => effect !== 'PreferNoSchedule');
  const taint = taints.find((one) => !isTolerated(one, pod.spec.tolerations ?? []));
  if (taint) return `had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  if (!isReady(node)) return 'were not ready';
  const wanted = Object.entries((pod.spec.nodeSelector ?? {}) as Readonly<Record<string, string>>);
  if (wanted.every(([key, value]) => node.metadata.labels?.[key] === value)) return null;
  return "didn't match Pod's node affinity/selector";
}

function isUsedByAnother(pod: KubeObject, claim: string, pods: readonly KubeObject[]): boolean {
  return pods.some(
    (other) =>
      other.metadata.uid !== pod.metadata.uid &&
      other.metadata.namespace === pod.metadata.namespace &&
      Boolean(other.spec.nodeName) &&
      other.status?.phase !== 'Succeeded' &&
      other.status?.phase !== 'Failed' &&
      claimNamesOf(other).includes(claim),
  );
}
