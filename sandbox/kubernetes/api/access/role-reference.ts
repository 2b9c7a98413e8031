import { isDeepStrictEqual } from 'node:util';
import { invalidValue, refuseInvalid } from '../field-errors.ts';
import type { KubeObject } from '../object.ts';

/** Throws 422: a binding never comes to mean another role. */
export function refuseChangedRole({ kind, metadata: { name }, ...after }: KubeObject, before: KubeObject | null): void {
  if (!before || isDeepStrictEqual(after['roleRef'], before['roleRef'])) return;
  refuseInvalid({ group: 'rbac.authorization.k8s.io', kind }, name, [
    invalidValue('roleRef', after['roleRef'], 'cannot change roleRef'),
  ]);
}
