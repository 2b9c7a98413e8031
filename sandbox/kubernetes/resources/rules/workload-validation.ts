import { isDeepStrictEqual } from 'node:util';
import { forbiddenValue, invalidValue, refuseInvalid, requiredValue } from '../../api/field-errors.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Fault } from '../../api/refusals.ts';
import { type Draft, draftsIn } from './defaults.ts';
import { checkPodSpec } from './pod-validation.ts';

/** Golden 031, 050: Deployments and ReplicaSets. */
export function checkReplicated(type: Named): (object: KubeObject, before: KubeObject | null) => void {
  return (object, before) =>
    refuseInvalid(type, object.metadata.name, [
      ...checkWorkload(object),
      ...(before && !isDeepStrictEqual(object.spec.selector, before.spec.selector)
        ? [invalidValue('spec.selector', object.spec.selector, 'field is immutable')]
        : []),
    ]);
}

/** Golden 276. */
export function checkStatefulSet(type: Named): (object: KubeObject, before: KubeObject | null) => void {
  return (object, before) =>
    refuseInvalid(type, object.metadata.name, [
      ...checkWorkload(object),
      ...(before && !isDeepStrictEqual(fixedOf(object.spec), fixedOf(before.spec)) ? [FIXED] : []),
    ]);
}

/** Golden 271; Go's dump of the template is left out of the words. */
export function checkJob(type: Named): (object: KubeObject, before: KubeObject | null) => void {
  return ({ metadata, spec }, before) =>
    refuseInvalid(type, metadata.name, [
      ...checkCount('spec.parallelism', spec.parallelism),
      ...checkCount('spec.completions', spec.completions),
      ...checkCount('spec.backoffLimit', spec.backoffLimit),
      ...checkJobTemplate(spec, 'spec'),
      ...(['selector', 'template', 'completionMode'] as const)
        // Only a suspended Job may be given another template.
        .filter((field) => before && !before.spec.suspend && !isDeepStrictEqual(spec[field], before.spec[field]))
        .map((field) => invalidValue(`spec.${field}`, spec[field], 'field is immutable')),
    ]);
}

export function checkCronJob(type: Named): (object: KubeObject) => void {
  return ({ metadata, spec }) =>
    refuseInvalid(type, metadata.name, [
      ...(spec.schedule ? [] : [requiredValue('spec.schedule')]),
      ...checkJobTemplate(spec.jobTemplate?.spec ?? {}, 'spec.jobTemplate.spec'),
    ]);
}

interface Named {
  readonly group: string;
  readonly kind: string;
}

const FIXED = forbiddenValue(
  'spec',
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
);

const CHANGEABLE: ReadonlySet<string> = new Set([
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]);

function fixedOf(spec: Draft): Draft {
  return Object.fromEntries(Object.entries(spec).filter(([field]) => !CHANGEABLE.has(field)));
}

function checkWorkload({ spec }: KubeObject): readonly Fault[] {
  return [
    ...checkCount('spec.replicas', spec.replicas),
    ...checkSelector(spec),
    ...checkPodSpec(spec.template?.spec, 'spec.template.spec', 'Always'),
  ];
}

/** A selector that does not find its own template's pods would make pods for ever. */
function checkSelector(spec: Draft): readonly Fault[] {
  const { matchLabels = {}, matchExpressions = [] } = (spec['selector'] ?? {}) as Draft;
  if (Object.keys(matchLabels as object).length === 0 && draftsIn(matchExpressions).length === 0)
    return [requiredValue('spec.selector')];
  const labels = (spec['template']?.metadata?.labels ?? {}) as Draft;
  if (Object.entries(matchLabels as object).every(([key, value]) => labels[key] === value)) return [];
  return [invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')];
}

function checkJobTemplate(spec: Draft, at: string): readonly Fault[] {
  return checkPodSpec(spec['template']?.spec, `${at}.template.spec`, 'Never or OnFailure');
}

function checkCount(field: string, value: unknown): readonly Fault[] {
  if (value === undefined || (typeof value === 'number' && value >= 0)) return [];
  return [invalidValue(field, value, 'must be greater than or equal to 0')];
}
