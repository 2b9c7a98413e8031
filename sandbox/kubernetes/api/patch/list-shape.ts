/**
 * How the lists and maps of built-in kinds merge, by the name of the field: the server's OpenAPI document gives each of these
 * names one meaning wherever objects of the served kinds have it (x-kubernetes-list-map-keys, -patch-merge-key, -map-type).
 * Custom resources say nothing of the kind here: their lists are replaced.
 */
export type ListShape =
  | { readonly kind: 'atomic' }
  /** Values that stand for themselves. */
  | { readonly kind: 'set' }
  /** `mergeKey` tells items apart in a strategic merge, all of `keys` do in an apply. */
  | { readonly kind: 'map'; readonly mergeKey: string; readonly keys: readonly string[] };

export function listShape(field: string, items: readonly unknown[], parent: string | undefined): ListShape {
  if (field === 'finalizers') return parent === 'metadata' ? { kind: 'set' } : ATOMIC;
  if (field === 'podCIDRs') return { kind: 'set' };
  const keys = field === 'ports' ? keysOfPorts(items) : Object.hasOwn(KEYS, field) ? KEYS[field] : undefined;
  if (!keys || !items.every((item) => isObject(item))) return ATOMIC;
  return { kind: 'map', mergeKey: keys[0] ?? '', keys };
}

/** Maps that belong to one writer as a whole. */
export function isAtomicMap(field: string): boolean {
  return ATOMIC_MAPS.has(field);
}

/** What a key counts as where an item leaves it out. */
export function keyOf(item: Json, key: string): unknown {
  return item[key] ?? (key === 'protocol' ? 'TCP' : undefined);
}

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const ATOMIC: ListShape = { kind: 'atomic' };

const KEYS: Readonly<Record<string, readonly string[]>> = {
  addresses: ['type'],
  claims: ['name'],
  conditions: ['type'],
  containers: ['name'],
  env: ['name'],
  ephemeralContainers: ['name'],
  hostAliases: ['ip'],
  imagePullSecrets: ['name'],
  initContainers: ['name'],
  ownerReferences: ['uid'],
  podIPs: ['ip'],
  schedulingGates: ['name'],
  secrets: ['name'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  volumeDevices: ['devicePath'],
  volumeMounts: ['mountPath'],
  volumes: ['name'],
};

/** A container's, or a service's. */
function keysOfPorts(items: readonly unknown[]): readonly string[] | undefined {
  const has = (key: string) => items.some((item) => isObject(item) && key in item);
  if (has('containerPort')) return ['containerPort', 'protocol'];
  return has('port') ? ['port', 'protocol'] : undefined;
}

const ATOMIC_MAPS: ReadonlySet<string> = new Set([
  'configMapKeyRef',
  'dataSource',
  'fieldRef',
  'involvedObject',
  'labelSelector',
  'namespaceSelector',
  'nodeSelector',
  'podSelector',
  'resourceFieldRef',
  'roleRef',
  'scopeSelector',
  'secretKeyRef',
  'secretRef',
  'selector',
]);
