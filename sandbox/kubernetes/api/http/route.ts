import type { Attributes } from './hooks.ts';

/** Where a path leads, without knowing what is served there. */
export type Route =
  | { readonly kind: 'path'; readonly path: string }
  | {
      readonly kind: 'resource';
      readonly group: string;
      readonly version: string;
      readonly namespace: string | null;
      readonly plural: string;
      readonly name: string | null;
      readonly subresource: string | null;
    };

export type ResourceRoute = Extract<Route, { kind: 'resource' }>;

export function parseRoute(path: string): Route {
  const [root = '', ...rest] = path.split('/').filter(Boolean).map(decode);
  const [group, version, ...parts] = root === 'api' ? ['', ...rest] : root === 'apis' ? rest : [];
  const [first] = parts;
  if (group === undefined || version === undefined || first === undefined) return { kind: 'path', path };
  const inNamespace = first === 'namespaces' && parts.length > 2 && !OF_NAMESPACES.has(parts[2] ?? '');
  const [plural = '', name = null, ...subresource] = inNamespace ? parts.slice(2) : parts;
  return {
    kind: 'resource',
    group,
    version,
    namespace: inNamespace ? (parts[1] ?? null) : null,
    plural,
    name,
    subresource: subresource.length === 0 ? null : subresource.join('/'),
  };
}

/** What somebody wants there; `watch=true` makes a watch of a list. */
export function attributesOf(route: Route, method: string, query: URLSearchParams): Attributes {
  if (route.kind === 'path') return { kind: 'path', verb: method.toLowerCase(), path: route.path };
  const { plural: resource, kind, ...rest } = route;
  return { kind, ...rest, resource, verb: verbOf(route, method, query) };
}

export function isWatch(query: URLSearchParams): boolean {
  return ['true', '1'].includes(query.get('watch') ?? '');
}

function verbOf({ name }: ResourceRoute, method: string, query: URLSearchParams): string {
  if (method === 'GET') return isWatch(query) ? 'watch' : name === null ? 'list' : 'get';
  if (method === 'DELETE') return name === null ? 'deletecollection' : 'delete';
  return { POST: 'create', PUT: 'update', PATCH: 'patch' }[method] ?? method.toLowerCase();
}

/** What would else look like a resource in a namespace: `/namespaces/x/status`. */
const OF_NAMESPACES: ReadonlySet<string> = new Set(['status', 'finalize']);

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
