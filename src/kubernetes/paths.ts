import type { WorkloadReference } from '../model/workload-reference.ts';

/** The resources that the bot reads by reference: lower-case kind to group, version and plural. */
const RESOURCES: Readonly<Record<string, string>> = {
  deployment: '/apis/apps/v1:deployments',
  statefulset: '/apis/apps/v1:statefulsets',
  persistentvolumeclaim: '/api/v1:persistentvolumeclaims',
  cronjob: '/apis/batch/v1:cronjobs',
};

/** The path of one object; null for a kind that is not read. */
export function pathOf({ namespace, kind, name }: WorkloadReference): string | null {
  const [prefix, plural] = RESOURCES[kind]?.split(':') ?? [];
  if (prefix === undefined || plural === undefined) return null;
  return `${prefix}/namespaces/${encodeURIComponent(namespace)}/${plural}/${encodeURIComponent(name)}`;
}
