import { isDeepStrictEqual } from 'node:util';
import { forbiddenValue, refuseInvalid, requiredValue, unsupportedValue } from '../../api/field-errors.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Fault } from '../../api/refusals.ts';
import { type Draft, draftsIn } from './defaults.ts';

/** Golden 118, without Go's picture of the difference. */
export function checkPod(type: {
  readonly group: string;
  readonly kind: string;
}): (object: KubeObject, before: KubeObject | null) => void {
  return ({ metadata, spec }, before) =>
    refuseInvalid(type, metadata.name, [
      ...checkPodSpec(spec, 'spec', 'Always, OnFailure or Never'),
      ...(before && !isChangeAllowed(before.spec as Draft, spec as Draft) ? [FIXED] : []),
    ]);
}

/** `restarts` are the policies allowed, in words of a sentence. */
export function checkPodSpec(spec: unknown, at: string, restarts: string): readonly Fault[] {
  const { containers, restartPolicy } = (spec ?? {}) as Draft;
  const found = draftsIn(containers);
  const allowed = restarts.split(/, | or /);
  return [
    ...(found.length === 0 ? [requiredValue(`${at}.containers`)] : []),
    ...found.flatMap((container, index) =>
      ['name', 'image']
        .filter((field) => !container[field])
        .map((field) => requiredValue(`${at}.containers[${index}].${field}`)),
    ),
    ...(allowed.includes(String(restartPolicy))
      ? []
      : [unsupportedValue(`${at}.restartPolicy`, restartPolicy, [...allowed].toSorted())]),
  ];
}

const FIXED = forbiddenValue(
  'spec',
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
);

function isChangeAllowed(before: Draft, after: Draft): boolean {
  const kept = draftsIn(before['tolerations']).every((one) =>
    draftsIn(after['tolerations']).some((other) => isDeepStrictEqual(one, other)),
  );
  // Binding gives a pod its node: the one time that this field changes.
  const unchanged = new Set(before['nodeName'] ? CHANGEABLE : [...CHANGEABLE, 'nodeName']);
  return kept && isDeepStrictEqual(fixedOf(before, unchanged), fixedOf(after, unchanged));
}

const CHANGEABLE: ReadonlySet<string> = new Set([
  'tolerations',
  'activeDeadlineSeconds',
  'containers',
  'initContainers',
]);

function fixedOf(spec: Draft, changeable: ReadonlySet<string>): Draft {
  const image = new Set(['image']);
  return {
    ...without(spec, changeable),
    containers: draftsIn(spec['containers']).map((container) => without(container, image)),
    initContainers: draftsIn(spec['initContainers']).map((container) => without(container, image)),
  };
}

function without(draft: Draft, fields: ReadonlySet<string>): Draft {
  return Object.fromEntries(Object.entries(draft).filter(([field]) => !fields.has(field)));
}
