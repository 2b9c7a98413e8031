import { timestampOf } from './deletion.ts';
import type { KubeApi } from './kube-api.ts';
import type { KubeObject } from './object.ts';
import type { ResourceType } from './resource-type.ts';

/**
 * Deletes what is in a namespace that is being deleted, and lets the namespace go when nothing is left (golden 281–284).
 * `now` is epoch milliseconds. Answers how to stop.
 */
export function emptyNamespaces(api: KubeApi, now: () => number): () => void {
  const namespaces = api.find('', 'namespaces');
  if (!namespaces) return () => {};
  return api.watch(({ type, resource, object, before }) => {
    if (resource === namespaces) {
      const began = before?.metadata.deletionTimestamp === undefined && object.metadata.deletionTimestamp !== undefined;
      if (type === 'MODIFIED' && began) empty(object.metadata.name);
    } else if (type === 'DELETED') finish(object.metadata.namespace ?? '');
  });

  function empty(namespace: string): void {
    for (const { type, objects } of contents(namespace))
      for (const { metadata } of objects)
        if (metadata.deletionTimestamp === undefined) api.delete(type, namespace, metadata.name);
    finish(namespace);
  }

  function finish(namespace: string): void {
    const found = namespaces && api.get(namespaces, null, namespace);
    if (!found || found.metadata.deletionTimestamp === undefined) return;
    const left = contents(namespace);
    if (left.length > 0) {
      const status = { ...found.status, conditions: conditionsOf(left, timestampOf(now())) };
      api.change(namespaces, null, namespace, (draft) => (draft.status = status), 'status');
    } else api.change(namespaces, null, namespace, (draft) => (draft.spec = { ...draft.spec, finalizers: [] }));
  }

  function contents(namespace: string): readonly Contents[] {
    return api
      .types()
      .filter(({ namespaced }) => namespaced)
      .map((type) => ({ type, objects: api.list(type, namespace) }))
      .filter(({ objects }) => objects.length > 0);
  }
}

interface Contents {
  readonly type: ResourceType;
  readonly objects: readonly KubeObject[];
}

/** Golden 283. */
function conditionsOf(left: readonly Contents[], lastTransitionTime: string): readonly object[] {
  const remaining = left
    .map(({ type, objects }) => `${type.plural}.${type.group} has ${objects.length} resource instances`)
    .toSorted();
  const held = Map.groupBy(
    left.flatMap(({ objects }) => objects.flatMap(({ metadata }) => metadata.finalizers ?? [])),
    (finalizer) => finalizer,
  );
  const finalizers = [...held].map(([name, { length }]) => `${name} in ${length} resource instances`).toSorted();
  const condition = (type: string, status: 'True' | 'False', reason: string, message: string) => ({
    type,
    status,
    lastTransitionTime,
    reason,
    message,
  });
  return [
    condition(
      'NamespaceDeletionDiscoveryFailure',
      'False',
      'ResourcesDiscovered',
      'All resources successfully discovered',
    ),
    condition(
      'NamespaceDeletionGroupVersionParsingFailure',
      'False',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    condition(
      'NamespaceDeletionContentFailure',
      'False',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    condition(
      'NamespaceContentRemaining',
      'True',
      'SomeResourcesRemain',
      `Some resources are remaining: ${remaining.join(', ')}`,
    ),
    finalizers.length > 0
      ? condition(
          'NamespaceFinalizersRemaining',
          'True',
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${finalizers.join(', ')}`,
        )
      : condition(
          'NamespaceFinalizersRemaining',
          'False',
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        ),
  ];
}
