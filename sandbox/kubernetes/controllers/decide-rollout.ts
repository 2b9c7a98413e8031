import type { KubeObject } from '../api/object.ts';
import {
  DESIRED,
  oldestFirst,
  replicasOf,
  resolveRollingUpdate,
  splitReplicaSets,
  sumReplicas,
  sumStatus,
} from './rollout.ts';

export interface RolloutView {
  readonly deployment: KubeObject;
  /** Its ReplicaSets. */
  readonly sets: readonly KubeObject[];
  /** Pods of its ReplicaSets that are neither Succeeded nor Failed, by the uid of their ReplicaSet; Terminating ones too. */
  readonly podsLeft: ReadonlyMap<string, number>;
}

export type RolloutStep =
  | { readonly act: 'scale'; readonly set: KubeObject; readonly to: number }
  | { readonly act: 'create'; readonly replicas: number };

/**
 * What a Deployment does next to its ReplicaSets; the rest follows when their status tells that it happened. A change of
 * `replicas` alone goes straight to the ReplicaSets, and so does not wait for pods that are Terminating, even with Recreate
 * (golden 037–039, 127–128): Recreate orders old before new only between templates.
 */
export function decideRollout(view: RolloutView): readonly RolloutStep[] {
  const { deployment, sets } = view;
  const isScaled = sets.some(
    (set) => replicasOf(set) > 0 && Number(set.metadata.annotations?.[DESIRED] ?? NaN) !== replicasOf(deployment),
  );
  if (isScaled || deployment.spec.paused === true) return scaleAll(view);
  return deployment.spec.strategy?.type === 'Recreate' ? recreate(view) : roll(view);
}

/** To be scaled without a rollout: the only active one (or the latest), or all of them in proportion. */
function scaleAll({ deployment, sets }: RolloutView): readonly RolloutStep[] {
  const { newest, old } = splitReplicaSets(deployment, sets);
  const active = sets.filter((set) => replicasOf(set) > 0);
  const wanted = replicasOf(deployment);
  if (active.length <= 1) {
    const only = active[0] ?? newest ?? [...old].sort(oldestFirst).at(-1);
    return only ? scale(only, wanted) : [];
  }
  const isSaturated = newest && replicasOf(newest) === wanted && newest.status?.availableReplicas === wanted;
  if (isSaturated) return old.flatMap((set) => scale(set, 0));
  return scaleInProportion(deployment, active, newest);
}

function scaleInProportion(
  deployment: KubeObject,
  active: readonly KubeObject[],
  newest: KubeObject | null,
): readonly RolloutStep[] {
  const total = sumReplicas(active);
  const wanted = replicasOf(deployment);
  const allowed = wanted > 0 ? wanted + resolveRollingUpdate(deployment).surge : 0;
  let left = allowed - total;
  const sizes: { readonly set: KubeObject; readonly to: number }[] = [];
  // The largest first; what rounding leaves over goes to the newest.
  for (const set of [...active].sort((one, other) => replicasOf(other) - replicasOf(one))) {
    const share = Math.round((replicasOf(set) * (allowed - total)) / total);
    const change = left >= 0 ? Math.min(share, left) : Math.max(share, left, -replicasOf(set));
    left -= change;
    sizes.push({ set, to: replicasOf(set) + change });
  }
  const last = newest && active.includes(newest) ? newest : active[0];
  return sizes.flatMap(({ set, to }) => scale(set, set === last ? Math.max(0, to + left) : to));
}

function recreate({ deployment, sets, podsLeft }: RolloutView): readonly RolloutStep[] {
  const { newest, old } = splitReplicaSets(deployment, sets);
  const active = old.filter((set) => replicasOf(set) > 0);
  if (active.length > 0) return active.flatMap((set) => scale(set, 0));
  const isOldLeft = [...podsLeft].some(([uid, left]) => left > 0 && uid !== newest?.metadata.uid);
  if (isOldLeft) return [];
  if (!newest) return [{ act: 'create', replicas: replicasOf(deployment) }];
  return scale(newest, replicasOf(deployment));
}

function roll({ deployment, sets }: RolloutView): readonly RolloutStep[] {
  const { newest, old } = splitReplicaSets(deployment, sets);
  const wanted = replicasOf(deployment);
  const { surge, unavailable } = resolveRollingUpdate(deployment);
  const now = newest ? replicasOf(newest) : 0;
  const room = Math.max(0, wanted + surge - sumReplicas(sets));
  const grown = now > wanted ? wanted : now + Math.min(room, wanted - now);
  if (!newest) return [{ act: 'create', replicas: grown }];
  if (grown !== now) return scale(newest, grown);

  const newUnavailable = now - sumStatus([newest], 'availableReplicas');
  const leastAvailable = wanted - unavailable;
  let spare = sumReplicas(sets) - leastAvailable - newUnavailable;
  if (spare <= 0) return [];
  const sizes = new Map(old.map((set) => [set, replicasOf(set)]));
  // First those that are of no use: not available ones.
  for (const [set, size] of sizes) {
    const idle = Math.min(spare, Math.max(0, size - sumStatus([set], 'availableReplicas')));
    sizes.set(set, size - idle);
    spare -= idle;
  }
  let surplus = Math.min(spare, sumStatus([newest, ...old], 'availableReplicas') - leastAvailable);
  for (const [set, size] of sizes) {
    const fewer = Math.min(size, Math.max(0, surplus));
    sizes.set(set, size - fewer);
    surplus -= fewer;
  }
  return [...sizes].flatMap(([set, size]) => scale(set, size));
}

function scale(set: KubeObject, to: number): readonly RolloutStep[] {
  return replicasOf(set) === to ? [] : [{ act: 'scale', set, to }];
}
