import { CLEANUP, withCondition } from '../api/custom/definition.ts';
import { invalidValue, refuseInvalid, requiredValue } from '../api/field-errors.ts';
import type { KubeObject, NewObject } from '../api/object.ts';
import type { Fault } from '../api/refusals.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { draftsIn, fill, within } from './rules/defaults.ts';

const GROUP = 'apiextensions.k8s.io';
const KIND = 'CustomResourceDefinition';

export default {
  group: GROUP,
  version: 'v1',
  kind: KIND,
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  shortNames: ['crd', 'crds'],
  namespaced: false,
  subresources: ['status'],
  hasGeneration: true,
  applyDefaults: fillDefinition,
  validate: checkDefinition,
  // Its instances go first (golden 261–265).
  isHeld: ({ metadata }) => metadata.deletionTimestamp === undefined,
  markDeleted: markDeleted,
} satisfies ResourceType;

/** Golden 230. */
function fillDefinition(object: NewObject): void {
  const spec = within(object, 'spec');
  fill(spec, { conversion: { strategy: 'None' } });
  const names = within(spec, 'names');
  const kind = String(names['kind'] ?? '');
  fill(names, { singular: kind.toLowerCase(), listKind: `${kind}List` });
  const stored = draftsIn(spec['versions']).filter(({ storage }) => storage);
  object['status'] ??= {
    conditions: null,
    acceptedNames: { plural: '', kind: '' },
    storedVersions: stored.map(({ name }) => name as string),
  };
}

/** Golden 236. */
function checkDefinition({ metadata: { name }, spec }: KubeObject): void {
  const versions = draftsIn(spec.versions);
  const errors: Fault[] = [];
  if (name !== `${spec.names.plural}.${spec.group}`)
    errors.push(invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group'));
  if (versions.length === 0) errors.push(requiredValue('spec.versions', 'must have at least one version'));
  if (versions.filter(({ storage }) => storage).length !== 1)
    errors.push(invalidValue('spec.versions', versions, 'must have exactly one version marked as storage version'));
  for (const [index, { schema }] of versions.entries())
    if (!schema?.openAPIV3Schema)
      errors.push(requiredValue(`spec.versions[${index}].schema.openAPIV3Schema`, 'schemas are required'));
  refuseInvalid({ group: GROUP, kind: KIND }, name, errors);
}

function markDeleted(object: KubeObject): void {
  const { metadata } = object;
  delete metadata.deletionGracePeriodSeconds;
  if (metadata.finalizers?.includes(CLEANUP)) return;
  if (metadata.generation !== undefined) metadata.generation -= 1;
  metadata.finalizers = [...(metadata.finalizers ?? []), CLEANUP];
  object.status = withCondition(object.status, {
    type: 'Terminating',
    status: 'True',
    lastTransitionTime: metadata.deletionTimestamp ?? metadata.creationTimestamp,
    reason: 'InstanceDeletionPending',
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  });
}
