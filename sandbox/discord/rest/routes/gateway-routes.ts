import { ok, type Route } from '../route.ts';

/** Where the gateway is. `session_start_limit` must be there (facts.md, Discord 10). */
export const gatewayRoutes: readonly Route[] = [
  { method: 'GET', path: '/gateway', auth: 'none', handle: ({ gatewayUrl }) => ok({ url: gatewayUrl }) },
  {
    method: 'GET',
    path: '/gateway/bot',
    handle: ({ gatewayUrl }) =>
      ok({
        url: gatewayUrl,
        shards: 1,
        session_start_limit: { total: 1000, remaining: 999, reset_after: 86_400_000, max_concurrency: 1 },
      }),
  },
];
