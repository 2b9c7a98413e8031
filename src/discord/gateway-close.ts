import { GatewayCloseCodes } from 'discord-api-types/v10';
import type { Loss } from './gateway-connection.ts';

/** What follows from a lost connection. */
export type AfterLoss =
  | { readonly kind: 'fatal'; readonly reason: string }
  | { readonly kind: 'again'; readonly reason: string; readonly retryAfterMs?: number };

export const WRONG_TOKEN = 'Discord refuses the bot token: put the right one into DISCORD_TOKEN.';

/** Closes after which Discord never lets this configuration in again: exiting lets the supervisor show it. */
const FATAL: Readonly<Record<number, string>> = {
  [GatewayCloseCodes.AuthenticationFailed]: WRONG_TOKEN,
  [GatewayCloseCodes.DisallowedIntents]: 'Discord refuses the intents asked for: this is a fault of Breakwater.',
  [GatewayCloseCodes.InvalidIntents]: 'Discord does not know the intents asked for: this is a fault of Breakwater.',
  [GatewayCloseCodes.InvalidShard]: 'Discord refuses the shard: is the bot in more than 2,500 servers?',
  [GatewayCloseCodes.ShardingRequired]: 'Discord asks for sharding: is the bot in more than 2,500 servers?',
  [GatewayCloseCodes.InvalidAPIVersion]: 'Discord does not speak this API version any more: update Breakwater.',
};

/** Decides whether to connect again (facts.md, Discord 2; Discord, "Gateway close event codes"). Pure. */
export function decideAfterLoss(loss: Loss): AfterLoss {
  if (loss.kind === 'failed') return { kind: 'again', reason: loss.reason };
  const fatal = FATAL[loss.code];
  if (fatal !== undefined) return { kind: 'fatal', reason: fatal };
  return { kind: 'again', reason: `the gateway connection ended with code ${loss.code}` };
}
