import type { ResourceType } from '../resource-type.ts';
import { groupResourceOf } from '../resource-type.ts';
import { StatusError } from '../status-error.ts';

/** A 403 about one object of a type, where the rules of access themselves would have let it pass. */
export function refuse(type: Pick<ResourceType, 'group' | 'plural'>, name: string, why: string): StatusError {
  return new StatusError(403, 'Forbidden', `${groupResourceOf(type)} "${name}" is forbidden: ${why}`, {
    name,
    ...(type.group !== '' && { group: type.group }),
    kind: type.plural,
  });
}
