/** One namespaced Kubernetes object, written `namespace/kind/name` with the kind in lower case. */
export interface WorkloadReference {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
}

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** RFC 1123 subdomain, the rule for most object names: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Reads `namespace/kind/name`; null when a part is missing or is no Kubernetes name. */
export function parseWorkloadReference(text: string): WorkloadReference | null {
  const [namespace, kind, name, ...rest] = text.split('/');
  if (namespace === undefined || kind === undefined || name === undefined || rest.length > 0) return null;
  if (!LABEL.test(namespace) || !/^[a-z]+$/.test(kind) || !SUBDOMAIN.test(name)) return null;
  return { namespace, kind, name };
}

export function formatWorkloadReference({ namespace, kind, name }: WorkloadReference): string {
  return `${namespace}/${kind}/${name}`;
}

/** Whether `text` is a namespace's name (an RFC 1123 label). */
export function isNamespaceName(text: string): boolean {
  return LABEL.test(text);
}
