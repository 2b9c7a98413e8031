import { groupResourceOf, type ResourceType } from './resource-type.ts';
import { StatusError } from './status-error.ts';

/** The server's refusals in its own words (golden 009–063, 094–106, 244, 260). */

type Named = Pick<ResourceType, 'group' | 'plural'>;

export function notFound(type: Named, name: string): StatusError {
  return new StatusError(404, 'NotFound', `${groupResourceOf(type)} "${name}" not found`, detailsOf(type, name));
}

/** A path that leads nowhere, in a group that is served. */
export function noSuchResource(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function alreadyExists(type: Named, name: string, beingDeleted: boolean): StatusError {
  const said = `${groupResourceOf(type)} "${name}" already exists`;
  return new StatusError(
    409,
    'AlreadyExists',
    beingDeleted ? `object is being deleted: ${said}` : said,
    detailsOf(type, name),
  );
}

export const STALE = 'the object has been modified; please apply your changes to the latest version and try again';

/** Of an update; `plural` may name a subresource, as in `pods/binding`. */
export function conflict(type: Named, name: string, why: string): StatusError {
  return new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${groupResourceOf(type)} "${name}": ${why}`,
    detailsOf(type, name),
  );
}

/** Of a deletion: the server names the kind here, not the resource. */
export function failedPrecondition(type: ResourceType, name: string, why: string): StatusError {
  return conflict({ group: type.group, plural: type.kind }, name, why);
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export interface Fault {
  /** As in `FieldValueInvalid`. */
  readonly reason: string;
  readonly field: string;
  /** As in `Invalid value: 0: must be greater than 0`. */
  readonly message: string;
}

/** `name` may be empty, as of options. */
export function invalid(
  type: Pick<ResourceType, 'group' | 'kind'>,
  name: string,
  faults: readonly Fault[],
): StatusError {
  // The message says each thing once, the causes as often as it was found (golden 260).
  const said = [...new Set(faults.map(({ field, message }) => `${field}: ${message}`))];
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  return new StatusError(
    422,
    'Invalid',
    `${kind} "${name}" is invalid: ${said.length === 1 ? said[0] : `[${said.join(', ')}]`}`,
    {
      ...(name !== '' && { name }),
      ...(type.group !== '' && { group: type.group }),
      ...(type.kind !== '' && { kind: type.kind }),
      causes: faults.map(({ reason, message, field }) => ({ reason, message, field })),
    },
  );
}

function detailsOf({ group, plural }: Named, name: string): Record<string, string> {
  return { name, ...(group !== '' && { group }), kind: plural };
}
