import type { IncomingHttpHeaders } from 'node:http';
import { groupResourceOf } from '../resource-type.ts';
import { StatusError } from '../status-error.ts';
import type { World } from './exchange.ts';
import { type Attributes, EVERYBODY, type User } from './hooks.ts';

/** Who asks, where that is allowed. Throws StatusError 401 and 403, before anything is looked up (golden 179–193). */
export function admit({ api, hooks }: World, headers: IncomingHttpHeaders, attributes: Attributes): User {
  const asking = hooks.authenticate ? hooks.authenticate(headers, api) : EVERYBODY;
  if (asking === null) throw new StatusError(401, 'Unauthorized', 'Unauthorized');
  const user = hooks.impersonate?.(asking, headers, attributes) ?? asking;
  const verdict = hooks.authorise?.(api, user, attributes) ?? { allowed: true };
  if (!verdict.allowed) throw forbidden(user, attributes, verdict.reason);
  return user;
}

/** The 403 in the server's words. */
export function forbidden(user: User, attributes: Attributes, reason?: string): StatusError {
  const why = reason ? `: ${reason}` : '';
  if (attributes.kind === 'path')
    return new StatusError(
      403,
      'Forbidden',
      `forbidden: User "${user.name}" cannot ${attributes.verb} path "${attributes.path}"${why}`,
      {},
    );
  const { verb, group, resource, subresource, namespace, name } = attributes;
  const what = groupResourceOf({ group, plural: resource });
  const whole = subresource === null ? resource : `${resource}/${subresource}`;
  const where = namespace === null ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return new StatusError(
    403,
    'Forbidden',
    `${what}${name === null ? '' : ` "${name}"`} is forbidden: User "${user.name}" cannot ${verb} resource "${whole}" in API group "${group}" ${where}${why}`,
    { ...(name !== null && { name }), ...(group !== '' && { group }), kind: resource },
  );
}
