import type { User } from '../http/hooks.ts';

/** The group that may do everything, whatever RBAC says. */
export const MASTERS = 'system:masters';

export const ADMIN: User = { name: 'admin', groups: [MASTERS, 'system:authenticated'] };

/** Who sends no token at all; a wrong one is 401 instead. */
export const ANONYMOUS: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

export function serviceAccountUser(namespace: string, name: string, uid: string, credentialId: string): User {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${credentialId}`] },
  };
}
