import type { Route } from './route.ts';
import { callbackRoutes } from './routes/callback-routes.ts';
import { channelRoutes } from './routes/channel-routes.ts';
import { commandRoutes } from './routes/command-routes.ts';
import { gatewayRoutes } from './routes/gateway-routes.ts';
import { guildRoutes } from './routes/guild-routes.ts';
import { identityRoutes } from './routes/identity-routes.ts';
import { messageRoutes } from './routes/message-routes.ts';
import { pinRoutes } from './routes/pin-routes.ts';
import { threadRoutes } from './routes/thread-routes.ts';
import { webhookRoutes } from './routes/webhook-routes.ts';

/** Every operation that this server knows; a new family of routes is one file and one line here. */
export const routes: readonly Route[] = [
  ...gatewayRoutes,
  ...identityRoutes,
  ...commandRoutes,
  ...guildRoutes,
  ...channelRoutes,
  ...messageRoutes,
  ...pinRoutes,
  ...threadRoutes,
  ...callbackRoutes,
  ...webhookRoutes,
];
