import { forbidden } from '../http/access.ts';
import type { Attributes, User } from '../http/hooks.ts';
import { MASTERS } from './user.ts';

/**
 * Who the request is to count as. Throws 403 for all but those who may do everything: the rights that would allow others to
 * impersonate are not kept here. The words are those of 1.36, which names the verb after what was to be done (golden 211).
 */
export function impersonate(user: User, as: string | undefined, attributes: Attributes): User {
  if (as === undefined) return user;
  if (!user.groups.includes(MASTERS))
    throw forbidden(user, { ...attributes, verb: `impersonate-on:user-info:${attributes.verb}` });
  const account = /^system:serviceaccount:([^:]+):[^:]+$/.exec(as);
  const groups = account ? ['system:serviceaccounts', `system:serviceaccounts:${account[1] ?? ''}`] : [];
  return { name: as, groups: [...groups, 'system:authenticated'] };
}
