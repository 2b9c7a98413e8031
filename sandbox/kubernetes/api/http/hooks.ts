import type { IncomingHttpHeaders } from 'node:http';
import type { KubeApiCore } from '../create-kube-api.ts';
import type { KubeObject, NewObject } from '../object.ts';
import type { ResourceType } from '../resource-type.ts';

/** Who asks. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  /** What else is known of it: which token it came with. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What somebody asks for, as rules of access name it. */
export type Attributes =
  | {
      readonly kind: 'resource';
      /** As in `get`, `list`, `deletecollection`. */
      readonly verb: string;
      readonly group: string;
      readonly version: string;
      /** As in `pods`; `subresource` as in `log`. */
      readonly resource: string;
      readonly subresource: string | null;
      readonly namespace: string | null;
      readonly name: string | null;
    }
  | { readonly kind: 'path'; readonly verb: string; readonly path: string };

export interface Verdict {
  readonly allowed: boolean;
  readonly reason?: string;
}

export interface PatchRequest {
  /** Without parameters: `application/apply-patch+yaml`. */
  readonly contentType: string;
  /** Parsed: JSON, or of an apply YAML. */
  readonly body: unknown;
  /** Null: an apply creates it. Not to be changed. */
  readonly current: KubeObject | null;
  readonly type: ResourceType;
  readonly options: {
    /** From the query, else from the user agent; `given` tells which. */
    readonly fieldManager: string;
    readonly given: boolean;
    readonly force: boolean;
    readonly subresource: string | null;
    readonly name: string;
    readonly namespace: string | null;
    /** Epoch milliseconds. */
    readonly now: number;
  };
}

export interface Write {
  readonly type: ResourceType;
  readonly before: KubeObject | null;
  readonly fieldManager: string;
  readonly subresource: string | null;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What only answers and keeps nothing: reviews of access, tokens. */
export interface ComputedAnswer {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** As in `selfsubjectaccessreviews`, or with a subresource `serviceaccounts/token`. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** What is posted there, where that is of another group: a TokenRequest is. */
  readonly body?: { readonly group: string; readonly version: string; readonly kind: string };
  create(request: {
    readonly api: KubeApiCore;
    readonly user: User;
    readonly namespace: string | null;
    readonly name: string | null;
    readonly body: NewObject;
    readonly now: number;
  }): object;
}

/** What the server asks others about. Each may throw StatusError; without one, everything is allowed and nothing checked. */
export interface Hooks {
  /** Null is answered 401. */
  readonly authenticate?: (headers: IncomingHttpHeaders, api: KubeApiCore) => User | null;
  /** Whom the user wants to count as; throws 403 where that is not theirs to want. */
  readonly impersonate?: (user: User, headers: IncomingHttpHeaders, attributes: Attributes) => User;
  readonly authorise?: (api: KubeApiCore, user: User, attributes: Attributes) => Verdict;
  /** Before an object is stored that somebody made or changed; throws 403 for what the verdict could not foresee. */
  readonly admitWrite?: (api: KubeApiCore, user: User, type: ResourceType, object: NewObject) => void;
  /** Of all content types; without it JSON patch and merge patch are known. Answers a new object. */
  readonly applyPatch?: (request: PatchRequest) => unknown;
  /** Who owns which field, before a write that is no apply is stored. Answers a new object. */
  readonly trackFields?: <T extends NewObject>(object: T, write: Write) => T;
  /** Fields that the type has not: taken away, told, or refused. */
  readonly checkFields?: (
    type: ResourceType,
    body: NewObject,
    mode: 'Ignore' | 'Warn' | 'Strict',
  ) => { readonly body: NewObject; readonly warnings: readonly string[] };
  readonly answers?: readonly ComputedAnswer[];
}

export const EVERYBODY: User = { name: 'system:admin', groups: ['system:masters', 'system:authenticated'] };
