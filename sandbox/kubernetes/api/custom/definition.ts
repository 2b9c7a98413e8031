import type { KubeObject } from '../object.ts';
import type { Schema } from './schema.ts';

/** The spec of a CustomResourceDefinition, as far as it is understood here. */
export interface Definition {
  readonly group: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly names: {
    readonly plural: string;
    readonly singular: string;
    readonly kind: string;
    readonly listKind: string;
    readonly shortNames?: readonly string[];
    readonly categories?: readonly string[];
  };
  readonly versions: readonly DefinedVersion[];
}

export interface DefinedVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly schema?: { readonly openAPIV3Schema?: Schema };
  readonly subresources?: { readonly status?: object; readonly scale?: object };
  readonly additionalPrinterColumns?: readonly {
    readonly name: string;
    readonly type: string;
    readonly jsonPath: string;
  }[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

export const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False';
  /** RFC 3339. */
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

/** The status with this condition in the place of the former one of its type. */
export function withCondition(status: KubeObject['status'], condition: Condition): object {
  const conditions = (status?.conditions ?? []) as readonly Condition[];
  const at = conditions.findIndex(({ type }) => type === condition.type);
  return { ...status, conditions: at < 0 ? [...conditions, condition] : conditions.with(at, condition) };
}
