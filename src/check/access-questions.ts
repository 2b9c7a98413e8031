import type { Config } from '../config/config.ts';
import type { AccessQuestion } from '../model/access-review.ts';
import type { Application } from '../model/application.ts';
import { parseWorkloadReference } from '../model/workload-reference.ts';

/** Where kubelets keep the Leases of their nodes. */
const NODE_LEASES = 'kube-node-lease';

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
  const each = databases.flatMap(({ workload, dependents, applications, claim, backup }) => [
    ...[...(workload === undefined ? [] : [workload]), ...dependents].flatMap(accessToWorkload),
    ...applications.flatMap(accessToRestart),
    ...(workload === undefined ? [] : accessToRecovery(workload, dependents)),
    ...(claim === undefined ? [] : accessToStorage(claim)),
    ...(backup === undefined ? [] : accessToBackup(backup.cronJob)),
  ]);
  return [...Map.groupBy([...everywhere, ...each], ({ question }) => formatAccess(question)).values()].map(joinReasons);
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

/** Of an application by itself: rung 3 of `/db recover`. */
function accessToRestart({ workload }: Application): readonly NeededAccess[] {
  if (workload === undefined) return [];
  return [
    ...accessToWorkload(workload),
    ...accessToChange(workload, `/db recover restart-application cannot restart or scale ${workload}.`),
    ...accessToNeighbours(workload),
  ];
}

/** Of the server: rung 4. */
function accessToRecovery(workload: string, dependents: readonly string[]): readonly NeededAccess[] {
  const { namespace } = read(workload);
  const lost = '/db recover restart cannot capture it as evidence.';
  return [
    ...accessToChange(workload, `/db recover restart cannot scale ${workload}.`),
    ...dependents.flatMap((each) => accessToChange(each, `/db recover restart cannot hold and release ${each}.`)),
    ...[workload, ...dependents].flatMap(accessToNeighbours),
    ...needs(
      ['get'],
      'coordination.k8s.io',
      'leases',
      NODE_LEASES,
      'Whether a node lives is unknown: /db recover restart stops the server, and then refuses to start it without proof.',
    ),
    ...needs(['list'], '', 'services', namespace, lost),
    ...needs(['get'], '', 'pods/log', namespace, lost),
  ];
}

function accessToChange(reference: string, why: string): readonly NeededAccess[] {
  const { namespace, kind } = read(reference);
  return needs(['patch'], 'apps', `${kind}s`, namespace, why);
}

function accessToNeighbours(reference: string): readonly NeededAccess[] {
  const { namespace } = read(reference);
  const unseen = '/db recover cannot tell whether every workload of the namespace is well afterwards.';
  return [
    ...needs(['list'], 'apps', 'deployments', namespace, unseen),
    ...needs(['list'], 'apps', 'statefulsets', namespace, unseen),
    ...needs(
      ['list'],
      'autoscaling',
      'horizontalpodautoscalers',
      namespace,
      '/db recover cannot warn of an autoscaler that would undo a hold.',
    ),
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

/** Of the same right, wanted for several things. */
function joinReasons(needs: readonly NeededAccess[]): NeededAccess {
  const [first] = needs;
  if (first === undefined) throw new Error('a group is never empty');
  return { question: first.question, why: [...new Set(needs.map(({ why }) => why))].join(' ') };
}

function read(reference: string) {
  const parsed = parseWorkloadReference(reference);
  if (parsed === null) throw new Error(`the schema let ${reference} pass`);
  return parsed;
}
