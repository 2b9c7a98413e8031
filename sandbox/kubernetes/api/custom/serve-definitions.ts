import type { KubeApiCore } from '../create-kube-api.ts';
import { timestampOf } from '../deletion.ts';
import type { KubeObject } from '../object.ts';
import type { ResourceType } from '../resource-type.ts';
import { customTypeOf, definitionOf } from './custom-type.ts';
import { CLEANUP, type Condition, withCondition } from './definition.ts';

/**
 * Serves what definitions define from the moment they are there, and empties a deleted one's shelf before it goes. `now` is
 * epoch milliseconds. Answers how to stop.
 */
export function serveDefinitions(api: KubeApiCore, now: () => number): () => void {
  const served = new Map<string, ResourceType>();
  const definitions = api.find('apiextensions.k8s.io', 'customresourcedefinitions');
  if (!definitions) return () => {};

  return api.watch(({ type, resource, object }) => {
    if (resource !== definitions) {
      if (type === 'DELETED' && resource.custom) finish(`${resource.plural}.${resource.group}`);
      return;
    }
    const { name, deletionTimestamp } = object.metadata;
    if (type === 'DELETED') return stopServing(name);
    if (deletionTimestamp !== undefined) return empty(object);
    serve(object);
  });

  function serve(definition: KubeObject): void {
    const { name } = definition.metadata;
    const type = customTypeOf(() => api.get(definitions as ResourceType, null, name) ?? definition);
    const known = served.get(name);
    // The same type goes on: what is stored of it is found by it.
    if (known) return void Object.assign(known, type);
    served.set(name, type);
    api.addType(type);
    const { names } = definitionOf(definition);
    tell(name, 'NamesAccepted', 'NoConflicts', 'no conflicts found', { acceptedNames: names });
    tell(name, 'Established', 'InitialNamesAccepted', 'the initial names have been accepted');
  }

  function empty({ metadata: { name, finalizers = [] } }: KubeObject): void {
    const type = served.get(name);
    if (!type || !finalizers.includes(CLEANUP)) return;
    if (!isTold(name))
      tell(name, 'Terminating', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress');
    for (const { metadata } of api.list(type, null))
      if (metadata.deletionTimestamp === undefined) api.delete(type, metadata.namespace ?? null, metadata.name);
    finish(name);
  }

  function finish(name: string): void {
    const type = served.get(name);
    const definition = definitions && api.get(definitions, null, name);
    if (!type || !definition?.metadata.finalizers?.includes(CLEANUP) || api.list(type, null).length > 0) return;
    api.change(definitions as ResourceType, null, name, ({ metadata }) => {
      metadata.finalizers = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== CLEANUP);
    });
  }

  function stopServing(name: string): void {
    const type = served.get(name);
    if (!type) return;
    served.delete(name);
    api.removeType(type);
  }

  function isTold(name: string): boolean {
    const conditions = (api.get(definitions as ResourceType, null, name)?.status?.conditions ??
      []) as readonly Condition[];
    return conditions.some(({ reason }) => reason === 'InstanceDeletionInProgress');
  }

  function tell(name: string, type: string, reason: string, message: string, more: object = {}): void {
    const condition: Condition = { type, status: 'True', lastTransitionTime: timestampOf(now()), reason, message };
    api.change(
      definitions as ResourceType,
      null,
      name,
      (draft) => (draft.status = { ...withCondition(draft.status, condition), ...more }),
      'status',
    );
  }
}
