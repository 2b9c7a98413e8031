import type { KubeObject } from './object.ts';
import { notFound } from './refusals.ts';
import { groupResourceOf, type ResourceType } from './resource-type.ts';
import type { Shelves } from './shelves.ts';
import { StatusError } from './status-error.ts';

/**
 * Throws 404 where the namespace is missing and 403 where it is being deleted (golden 018, 282). A cluster without any
 * namespace is the bare core of a test, and not asked for one.
 */
export function checkNamespace(shelves: Shelves, type: ResourceType, { metadata }: KubeObject): void {
  const namespaces = shelves.types().find(({ group, plural }) => group === '' && plural === 'namespaces');
  const { namespace, name } = metadata;
  if (!type.namespaced || namespace === undefined || !namespaces || shelves.list(namespaces, null).length === 0) return;
  const found = shelves.get(namespaces, null, namespace);
  if (!found) throw notFound(namespaces, namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  throw new StatusError(
    403,
    'Forbidden',
    `${groupResourceOf(type)} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
    {
      name,
      ...(type.group !== '' && { group: type.group }),
      kind: type.plural,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    },
  );
}
