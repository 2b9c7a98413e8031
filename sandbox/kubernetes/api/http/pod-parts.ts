import { timestampOf } from '../deletion.ts';
import type { DeleteOptions } from '../kube-api.ts';
import type { KubeObject } from '../object.ts';
import { badRequest, conflict, notFound } from '../refusals.ts';
import { matchesSelector } from '../selectors/label-selector.ts';
import { StatusError } from '../status-error.ts';
import type { Answer, Call } from './exchange.ts';
import { ok } from './exchange.ts';
import { decodeObject } from './read-body.ts';
import { isDryRun } from './write.ts';

const SUCCESS = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

/** A scheduler gives a pod its node (golden 117). */
export function bind(call: Call): Answer {
  const { world, type } = call;
  const { name, namespace } = podOf(call).metadata;
  const { target } = decodeObject(
    { group: '', version: 'v1', kind: 'Binding' },
    call.body,
    call.headers['content-type'],
  );
  const node = (target as { readonly name?: string } | undefined)?.name ?? '';
  if (node === '') throw badRequest('target.name: Required value');
  const bound = podOf(call).spec?.nodeName as string | undefined;
  if (bound) throw refuse(`pod ${name} is already assigned to node "${bound}"`);
  if (podOf(call).metadata.deletionTimestamp !== undefined)
    throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  world.api.change(type, namespace ?? null, name, (pod) => void (pod.spec = { ...pod.spec, nodeName: node }));
  const condition = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timestampOf(world.clock.now()),
  };
  const tell = ({ status = {} }: KubeObject): object[] => [
    ...((status.conditions ?? []) as { type: string }[]).filter(({ type }) => type !== condition.type),
    condition,
  ];
  world.api.change(
    type,
    namespace ?? null,
    name,
    (pod) => void (pod.status = { ...pod.status, conditions: tell(pod) }),
    'status',
  );
  return ok(SUCCESS, 201);

  function refuse(why: string): StatusError {
    return conflict({ group: '', plural: 'pods/binding' }, name, why);
  }
}

/** A deletion that budgets may forbid (golden 122–124). */
export function evict(call: Call): Answer {
  const { world, type, query } = call;
  const pod = podOf(call);
  const eviction = decodeObject(
    { group: 'policy', version: 'v1', kind: 'Eviction' },
    call.body,
    call.headers['content-type'],
  );
  const given = (eviction['deleteOptions'] ?? {}) as DeleteOptions & { readonly dryRun?: readonly string[] };
  checkBudgets(call, pod);
  const { namespace = null, name } = pod.metadata;
  const act = () => world.api.delete(type, namespace, name, given);
  if (isDryRun([...(given.dryRun ?? []), ...query.getAll('dryRun')])) world.api.rehearse(act);
  else act();
  return ok(SUCCESS, 201);
}

function checkBudgets({ world, type }: Call, pod: KubeObject): void {
  const budgets = world.api.find('policy', 'poddisruptionbudgets');
  if (!budgets || pod.status?.phase !== 'Running') return;
  const { namespace = null } = pod.metadata;
  for (const { metadata, spec, status } of world.api.list(budgets, namespace)) {
    if (!matchesSelector(spec?.selector, pod.metadata.labels)) continue;
    const healthy = world.api
      .list(type, namespace)
      .filter((other) => matchesSelector(spec?.selector, other.metadata.labels) && isReady(other)).length;
    const needed = Number(status?.desiredHealthy ?? spec?.minAvailable ?? 0);
    if ((status?.disruptionsAllowed ?? healthy - needed) > 0) continue;
    throw new StatusError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
      causes: [
        {
          reason: 'DisruptionBudget',
          message: `The disruption budget ${metadata.name} needs ${needed} healthy pods and has ${status?.currentHealthy ?? healthy} currently`,
        },
      ],
    });
  }
}

function isReady({ status, metadata }: KubeObject): boolean {
  const conditions = (status?.conditions ?? []) as readonly { readonly type: string; readonly status: string }[];
  return (
    metadata.deletionTimestamp === undefined &&
    conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
  );
}

/** What a container wrote, as far as it has (`follow` follows nothing). Golden 119 where no kubelet answers. */
export function readLog(call: Call): Answer {
  const { world, query } = call;
  const { spec, metadata } = podOf(call);
  const containers = ((spec?.containers ?? []) as { name: string }[]).map(({ name }) => name);
  const asked = query.get('container');
  const container = asked ?? containers[0] ?? '';
  if (asked === null && containers.length > 1)
    throw badRequest(
      `a container name must be specified for pod ${metadata.name}, choose one of: [${containers.join(' ')}]`,
    );
  if (!containers.includes(container)) throw badRequest(`container ${container} is not valid for pod ${metadata.name}`);
  const path = `${metadata.namespace}/${metadata.name}/${container}`;
  if (!world.logs)
    throw new StatusError(
      500,
      '',
      `Get "https://127.0.0.1:10250/containerLogs/${path}": dial tcp 127.0.0.1:10250: connect: connection refused`,
    );
  const previous = query.get('previous') === 'true';
  const tail = query.get('tailLines');
  const text = world.logs(metadata.namespace ?? '', metadata.name, {
    container,
    previous,
    tailLines: tail === null ? null : Number(tail),
  });
  if (text === null)
    throw badRequest(
      previous
        ? `previous terminated container "${container}" in pod "${metadata.name}" not found`
        : `container "${container}" in pod "${metadata.name}" is waiting to start: ContainerCreating`,
    );
  const limit = query.get('limitBytes');
  // Cut off at the end, in the middle of a character if need be.
  const body = limit === null ? text : Buffer.from(text).subarray(0, Number(limit)).toString();
  return { status: 200, body };
}

function podOf({ world, type, route }: Call): KubeObject {
  const name = route.name ?? '';
  const pod = world.api.get(type, route.namespace, name);
  if (pod === null) throw notFound(type, name);
  return pod;
}
