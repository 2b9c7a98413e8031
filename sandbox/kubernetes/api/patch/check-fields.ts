import type { NewObject } from '../object.ts';
import type { ResourceType } from '../resource-type.ts';
import { StatusError } from '../status-error.ts';
import { isObject } from './list-shape.ts';

/**
 * Takes away fields that the type does not have, tells of them, or refuses them (golden 026–028, 241, 242); and refuses times
 * that no V1MicroTime is (golden 219, 220). Built-in kinds are looked at on their top level only.
 */
export function checkFields(
  type: ResourceType,
  body: NewObject,
  mode: 'Ignore' | 'Warn' | 'Strict',
): { readonly body: NewObject; readonly warnings: readonly string[] } {
  const kept = structuredClone(body);
  const unknown = pruneFields(type, kept).map((field) => `unknown field "${field}"`);
  if (mode === 'Strict' && unknown.length > 0)
    throw cannotBeHandled(type, `strict decoding error: ${unknown.join(', ')}`);
  const spec = isObject(kept['spec']) ? kept['spec'] : {};
  for (const field of MICRO_TIMES[type.kind] ?? []) checkMicroTime(type, spec[field]);
  return { body: kept, warnings: mode === 'Warn' ? unknown : [] };
}

/** In place; answers the paths of what it took. */
export function pruneFields(type: ResourceType, object: NewObject): readonly string[] {
  if (type.prune) return type.prune(object);
  const known = new Set(['apiVersion', 'kind', 'metadata', ...(TOP_LEVEL[type.kind] ?? ['spec', 'status'])]);
  const unknown = Object.keys(object).filter((field) => !known.has(field));
  for (const field of unknown) delete object[field];
  return unknown;
}

const MICRO_TIMES: Readonly<Record<string, readonly string[]>> = { Lease: ['acquireTime', 'renewTime'] };

/** Of kinds that have more than a spec and a status. */
const TOP_LEVEL: Readonly<Record<string, readonly string[]>> = {
  ConfigMap: ['data', 'binaryData', 'immutable'],
  Secret: ['data', 'stringData', 'immutable', 'type'],
  Event: [
    'involvedObject',
    'reason',
    'message',
    'source',
    'firstTimestamp',
    'lastTimestamp',
    'count',
    'type',
    'eventTime',
    'series',
    'action',
    'related',
    'reportingComponent',
    'reportingInstance',
  ],
  Role: ['rules'],
  ClusterRole: ['rules', 'aggregationRule'],
  RoleBinding: ['subjects', 'roleRef'],
  ClusterRoleBinding: ['subjects', 'roleRef'],
  ServiceAccount: ['secrets', 'imagePullSecrets', 'automountServiceAccountToken'],
  StorageClass: [
    'provisioner',
    'parameters',
    'reclaimPolicy',
    'mountOptions',
    'allowVolumeExpansion',
    'volumeBindingMode',
    'allowedTopologies',
  ],
};

/** Six digits, no fewer: in the words of Go's parser. */
function checkMicroTime(type: ResourceType, value: unknown): void {
  if (value === undefined || value === null) return;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$/.test(text)) return;
  const rest = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(.*)$/.exec(text)?.[1];
  const [said, wanted] = rest === undefined ? [text, '2006'] : [rest, '.000000'];
  throw cannotBeHandled(
    type,
    `parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05.000000Z07:00": cannot parse ${JSON.stringify(said)} as ${JSON.stringify(wanted)}`,
  );
}

function cannotBeHandled({ kind, version }: ResourceType, why: string): StatusError {
  return new StatusError(400, 'BadRequest', `${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
}
