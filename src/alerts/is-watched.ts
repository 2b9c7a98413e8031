import { OWN_SCOPE } from '../model/source-state.ts';
import type { Alert } from './alert.ts';
import type { SettingsByRule } from './judge-views.ts';
import type { Rule } from './rule.ts';

/**
 * Whether any judgement can still speak of a remembered alert: its rule is there and on, and its database, its service or
 * its workload is configured. Alerts of others are theirs to end. Pure.
 */
export function isWatched(
  alert: Pick<Alert, 'rule' | 'database' | 'subject'>,
  configured: {
    readonly rules: readonly Rule[];
    /** By the name of each watched database. */
    readonly settings: ReadonlyMap<string, SettingsByRule>;
    readonly services: readonly { readonly name: string; readonly dependsOn: string | undefined }[];
    /** By the name of each database that has a cluster: its workload and its dependents, `namespace/kind/name`. */
    readonly workloads: ReadonlyMap<string, readonly string[]>;
    /** The names under which alerts of others are filed. */
    readonly foreign: readonly string[];
  },
): boolean {
  if (configured.foreign.includes(alert.rule)) return true;
  const rule = configured.rules.find(({ id }) => id === alert.rule);
  if (!rule) return false;
  if (alert.database !== OWN_SCOPE && configured.settings.get(alert.database)?.[alert.rule]?.enabled !== true)
    return false;
  if (rule.scope === 'cluster') {
    const workloads = configured.workloads.get(alert.database);
    return workloads !== undefined && (rule.id !== 'workload-unhealthy' || workloads.includes(alert.subject));
  }
  if (rule.scope !== 'services') return true;
  return configured.services.some(
    ({ name, dependsOn = OWN_SCOPE }) => name === alert.subject && dependsOn === alert.database,
  );
}
