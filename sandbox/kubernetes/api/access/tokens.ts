import { randomUUID } from 'node:crypto';
import type { User } from '../http/hooks.ts';
import type { KubeApi } from '../kube-api.ts';
import { notFound } from '../refusals.ts';
import { StatusError } from '../status-error.ts';
import { ANONYMOUS, serviceAccountUser } from './user.ts';

/** Bearer tokens, and whose they are. */
export interface Tokens {
  /** By the Authorization header: anonymous where there is none; throws 401 for a token that nobody (any more) has. */
  userOf(api: KubeApi, authorization: string | undefined): User;
  /** Null for a token that nobody has. */
  find(api: KubeApi, token: string): User | null;
  /** Lets this token speak for a service account, as long as the account exists; `expiresAt` in epoch milliseconds. */
  grant(api: KubeApi, token: string, account: Account, expiresAt?: number): void;
  /** A new token for a service account. */
  issue(api: KubeApi, account: Account, expiresAt: number): string;
}

export interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** `named` are users outside of the cluster, by their tokens. */
export function createTokens({
  now,
  named,
}: {
  readonly now: () => number;
  readonly named: Readonly<Record<string, User>>;
}): Tokens {
  const granted = new Map<string, Grant>();

  function find(api: KubeApi, token: string): User | null {
    if (Object.hasOwn(named, token)) return named[token] ?? null;
    const grant = granted.get(token);
    if (!grant || grant.expiresAt <= now()) return null;
    const account = accountOf(api, grant);
    if (!account || account.metadata.uid !== grant.uid) return null;
    return serviceAccountUser(grant.namespace, grant.name, account.metadata.uid, grant.credentialId);
  }

  function accountOf(api: KubeApi, { namespace, name }: Account) {
    const type = api.find('', 'serviceaccounts');
    return type && api.get(type, namespace, name);
  }

  function grant(api: KubeApi, token: string, account: Account, expiresAt = Number.POSITIVE_INFINITY): void {
    const found = accountOf(api, account);
    if (!found) throw notFound({ group: '', plural: 'serviceaccounts' }, account.name);
    // The same name created anew is another account: its old tokens are not its.
    granted.set(token, { ...account, uid: found.metadata.uid, credentialId: randomUUID(), expiresAt });
  }

  return {
    find,
    userOf(api, authorization) {
      const token = /^Bearer +(.+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) return ANONYMOUS;
      const user = find(api, token.trim());
      if (!user) throw new StatusError(401, 'Unauthorized', 'Unauthorized');
      return user;
    },
    grant,
    issue(api, account, expiresAt) {
      const token = `token-${randomUUID()}`;
      grant(api, token, account, expiresAt);
      return token;
    },
  };
}

interface Grant extends Account {
  readonly uid: string;
  readonly credentialId: string;
  readonly expiresAt: number;
}
