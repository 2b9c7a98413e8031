import { apiVersionOf, type ResourceType } from '../resource-type.ts';

/** `/openapi/v3`: where the document of each group is. */
export function listDocuments(types: readonly ResourceType[]): object {
  const paths = [...new Set(types.map(apiVersionOf))].map((groupVersion) => {
    const path = groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`;
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=1` }] as const;
  });
  return { paths: Object.fromEntries(paths) };
}

/**
 * As much of a group's document as `kubectl apply` asks for: that the server itself checks fields (`fieldValidation`). Its
 * schemas are left out. Null where nothing is served there.
 */
export function describeDocument(types: readonly ResourceType[], groupVersion: string): object | null {
  const served = types.filter((type) => apiVersionOf(type) === groupVersion);
  if (served.length === 0) return null;
  const parameters = ['fieldManager', 'fieldValidation', 'dryRun', 'force'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string', uniqueItems: true },
  }));
  const paths = served.map(({ group, version, kind, plural, namespaced }) => {
    const root = group === '' ? `/api/${version}` : `/apis/${groupVersion}`;
    const patch = {
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': { group, version, kind },
      parameters,
      responses: { 200: { description: 'OK' } },
    };
    return [`${root}/${namespaced ? 'namespaces/{namespace}/' : ''}${plural}/{name}`, { patch }] as const;
  });
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.36.3' },
    paths: Object.fromEntries(paths),
    components: { schemas: {} },
  };
}
