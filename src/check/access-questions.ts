import type { Config } from '../config/config.ts';
import type { AccessQuestion } from '../model/access-review.ts';
import { parseWorkloadReference } from '../model/workload-reference.ts';

/** One right that this version uses, and what for. */
export interface NeededAccess {
  readonly question: AccessQuestion;
  readonly why: string;
}

/**
 * Everything that the bot does in the cluster under this configuration, each once; k8s/ grants exactly these. Secrets are
 * never read (contract.md, fine print 9).
 */
export function listNeededAccess({ databases }: Config): readonly NeededAccess[] {
  const everywhere = [
    ...needs(['list', 'watch'], '', 'pods', null, 'Orphaned sessions cannot be told from live ones.'),
    ...needs(['list', 'watch'], '', 'nodes', null, 'A node that is down is not seen, nor which addresses are its own.'),
    ...needs(['list'], 'apps', 'replicasets', null, 'Pods cannot be traced to their Deployments.'),
  ];
  const each = databases.flatMap(({ workload, dependents, claim, backup }) => [
    ...[...(workload === undefined ? [] : [workload]), ...dependents].flatMap(accessToWorkload),
    ...(claim === undefined ? [] : accessToStorage(claim)),
    ...(backup === undefined ? [] : accessToBackup(backup.cronJob)),
  ]);
  return [...new Map([...everywhere, ...each].map((need) => [formatAccess(need.question), need])).values()];
}

/** `list jobs.batch in default`, as kubectl writes resources. */
export function formatAccess({ verb, group, resource, namespace }: AccessQuestion): string {
  return `${verb} ${formatResource(group, resource)}${namespace === null ? '' : ` in ${namespace}`}`;
}

/** A subresource follows its group: `deployments.apps/scale`. */
export function formatResource(group: string, resource: string): string {
  const [name = resource, subresource] = resource.split('/');
  return `${name}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
}

function accessToWorkload(reference: string): readonly NeededAccess[] {
  const { namespace, kind } = read(reference);
  const why = 'Its replicas, strategy and rollouts are unknown.';
  return [
    ...needs(['get'], 'apps', `${kind}s`, namespace, why),
    ...needs(['list'], '', 'events', namespace, 'Why a pod does not start is not told.'),
  ];
}

function accessToStorage(reference: string): readonly NeededAccess[] {
  const { namespace } = read(reference);
  const why = 'Whether the volume is bound, kept and attached is unknown.';
  return [
    ...needs(['get'], '', 'persistentvolumeclaims', namespace, why),
    ...needs(['get'], '', 'persistentvolumes', null, why),
    ...needs(['list'], 'storage.k8s.io', 'volumeattachments', null, why),
  ];
}

function accessToBackup(reference: string): readonly NeededAccess[] {
  const { namespace } = read(reference);
  return [
    ...needs(['get'], 'batch', 'cronjobs', namespace, 'Whether backups are made is unknown.'),
    ...needs(['list'], 'batch', 'jobs', namespace, 'Whether backups succeed is unknown.'),
    ...needs(['create'], 'batch', 'jobs', namespace, '/db backup-run cannot start one.'),
    ...needs(
      ['get'],
      'batch',
      'jobs',
      namespace,
      '/db backup-run cannot join one that somebody else started at the same moment.',
    ),
    ...needs(['get'], '', 'pods/log', namespace, 'Why a backup failed, and its size, are not told.'),
  ];
}

function needs(verbs: readonly string[], group: string, resource: string, namespace: string | null, why: string) {
  return verbs.map((verb): NeededAccess => ({ question: { verb, group, resource, namespace, name: null }, why }));
}

function read(reference: string) {
  const parsed = parseWorkloadReference(reference);
  if (parsed === null) throw new Error(`the schema let ${reference} pass`);
  return parsed;
}
