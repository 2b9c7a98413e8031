import type { KubeObject } from '../object.ts';
import { badRequest, conflict, invalid, notFound } from '../refusals.ts';
import type { ResourceType } from '../resource-type.ts';
import { type LabelSelector, printSelector } from '../selectors/label-selector.ts';
import { StatusError } from '../status-error.ts';
import type { Answer, Call } from './exchange.ts';
import { methodNotAllowed, ok } from './exchange.ts';
import { patched } from './patch.ts';
import { decodeObject } from './read-body.ts';
import { isDryRun } from './write.ts';

const SCALE: ResourceType = {
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  plural: 'scales',
  singular: 'scale',
  namespaced: true,
};

/** How many replicas, of whatever has them (golden 036–044). */
export function scale(call: Call): Answer {
  const { world, type, route, method, query } = call;
  const name = route.name ?? '';
  const current = world.api.get(type, route.namespace, name);
  if (current === null) throw notFound(type, name);
  const before = scaleOf(current);
  if (method === 'GET') {
    if (type.custom && current.spec?.replicas === undefined) throw noReplicas();
    return ok(before);
  }
  const wanted = method === 'PUT' ? decodeObject(SCALE, call.body, call.headers['content-type']) : null;
  if (wanted === null && method !== 'PATCH') throw methodNotAllowed();
  const { metadata, spec } = (wanted ?? patched(call, SCALE, before)) as KubeObject;
  if (metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  if (metadata.uid && metadata.uid !== current.metadata.uid)
    throw conflict(
      { group: type.group, plural: `${type.plural}/scale` },
      name,
      `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${current.metadata.uid}`,
    );
  const replicas = readReplicas(spec, name);
  const act = (): KubeObject =>
    world.api.update(type, {
      ...current,
      metadata: { ...current.metadata, resourceVersion: metadata.resourceVersion ?? '' },
      spec: { ...current.spec, replicas },
    });
  return ok(scaleOf(isDryRun(query.getAll('dryRun')) ? world.api.rehearse(act) : act()));
}

/** Golden 252. */
function noReplicas(): StatusError {
  const message = 'the spec replicas field ".spec.replicas" does not exist';
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
}

/** Zero is left out, as Go leaves it out. */
function scaleOf({ metadata, spec, status }: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const selector = printSelector((spec?.selector ?? {}) as LabelSelector);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace !== undefined && { namespace }), uid, resourceVersion, creationTimestamp },
    spec: spec?.replicas === 0 ? {} : { replicas: spec?.replicas ?? 1 },
    status: { replicas: status?.replicas ?? 0, ...(selector !== '' && { selector }) },
  };
}

function readReplicas(spec: { readonly replicas?: unknown } | undefined, name: string): number {
  const replicas = spec?.replicas ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas))
    throw badRequest(`Scale in version "v1" cannot be handled as a Scale: spec.replicas is no whole number`);
  if (replicas >= 0) return replicas;
  throw invalid(SCALE, name, [
    {
      reason: 'FieldValueInvalid',
      field: 'spec.replicas',
      message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
    },
  ]);
}
