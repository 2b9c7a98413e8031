import type { IncomingHttpHeaders } from 'node:http';
import type { Hooks, User } from '../http/hooks.ts';
import type { KubeApi } from '../kube-api.ts';
import { authorise } from './authorise.ts';
import { refuseEscalation } from './escalation.ts';
import { impersonate } from './impersonate.ts';
import { createReviews } from './reviews.ts';
import { createTokenRequests } from './token-request.ts';
import { createTokens, type Tokens } from './tokens.ts';
import { ADMIN } from './user.ts';

export interface Access {
  /** For the server: who asks, what they may, and reviews of both. */
  readonly hooks: Hooks;
  readonly tokens: Tokens;
}

/** Bearer tokens and RBAC. Without `named`, `admin-token` is the administrator's; `now` is epoch milliseconds. */
export function createAccess({
  now,
  named = { 'admin-token': ADMIN },
}: {
  readonly now: () => number;
  readonly named?: Readonly<Record<string, User>>;
}): Access {
  const tokens = createTokens({ now, named });
  return {
    tokens,
    hooks: {
      authenticate: (headers, api) => (isKubectl(headers) ? ADMIN : tokens.userOf(api, headers.authorization)),
      impersonate: (user, headers, attributes) => impersonate(user, one(headers['impersonate-user']), attributes),
      authorise: (api: KubeApi, user, attributes) => authorise(api, user, attributes),
      admitWrite: refuseEscalation,
      answers: [...createReviews(tokens), createTokenRequests(tokens)],
    },
  };
}

/** It never sends a token over plain HTTP, and so would be nobody: here it is the person in front of the sandbox. */
function isKubectl({ authorization, 'user-agent': agent }: IncomingHttpHeaders): boolean {
  return authorization === undefined && agent?.startsWith('kubectl/') === true;
}

function one(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}
