import type { KubeObject } from '../api/object.ts';
import { hashTemplate } from './hash-template.ts';

export const REVISION = 'deployment.kubernetes.io/revision';
export const DESIRED = 'deployment.kubernetes.io/desired-replicas';
export const HASH = 'pod-template-hash';

/** The pods beyond and below `replicas` that a rollout may have: surge rounds up, unavailability down; both cannot be 0. */
export function resolveRollingUpdate(deployment: KubeObject): { readonly surge: number; readonly unavailable: number } {
  const { strategy } = deployment.spec;
  const replicas = replicasOf(deployment);
  if (strategy?.type === 'Recreate') return { surge: 0, unavailable: 0 };
  const { maxSurge = '25%', maxUnavailable = '25%' } = strategy?.rollingUpdate ?? {};
  const surge = resolveShare(maxSurge, replicas, Math.ceil);
  const unavailable = resolveShare(maxUnavailable, replicas, Math.floor);
  return { surge, unavailable: Math.min(surge === 0 && unavailable === 0 ? 1 : unavailable, replicas) };
}

/** Of these ReplicaSets the one of the Deployment's present template, told by its hash, and the others. */
export function splitReplicaSets(
  deployment: KubeObject,
  owned: readonly KubeObject[],
): { readonly newest: KubeObject | null; readonly old: readonly KubeObject[] } {
  const byAge = [...owned].sort(oldestFirst);
  const hash = hashTemplate(deployment.spec.template);
  const newest = byAge.find(({ metadata }) => metadata.labels?.[HASH] === hash) ?? null;
  return { newest, old: byAge.filter((set) => set !== newest) };
}

/** What was asked for; 1 where nothing was said. */
export function replicasOf({ spec }: KubeObject): number {
  return Number(spec.replicas ?? 1);
}

export function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[REVISION] ?? 0);
}

export function oldestFirst(one: KubeObject, other: KubeObject): number {
  return (
    Date.parse(one.metadata.creationTimestamp) - Date.parse(other.metadata.creationTimestamp) ||
    revisionOf(one) - revisionOf(other)
  );
}

export function sumReplicas(sets: readonly KubeObject[]): number {
  return sets.reduce((sum, set) => sum + replicasOf(set), 0);
}

export function sumStatus(sets: readonly (KubeObject | null)[], field: string): number {
  return sets.reduce((sum, set) => sum + Number(set?.status?.[field] ?? 0), 0);
}

function resolveShare(value: number | string, replicas: number, round: (share: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseFloat(value) * replicas) / 100);
}
