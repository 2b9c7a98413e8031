import { DiscordAPIError, RateLimitError, type REST } from '@discordjs/rest';
import { type APIGatewayBotInfo, Routes } from 'discord-api-types/v10';
import { z } from 'zod';
import type { Clock } from '../model/clock.ts';
import { type AfterLoss, WRONG_TOKEN } from './gateway-close.ts';

/** Where the gateway is, and whether and when a new session may be asked for there. */
export interface GatewayDirectory {
  /** Asks Discord, but for a resumed session, which counts against no limit and knows its own address. */
  look(how: { readonly resuming: boolean; readonly signal: AbortSignal }): Promise<Found>;
  /** Resolves when the next identify may be sent; rejects when the signal aborts. */
  waitForIdentify(signal: AbortSignal): Promise<void>;
}

type Found =
  | { readonly ok: true; readonly information: APIGatewayBotInfo }
  | { readonly ok: false; readonly end: AfterLoss };

/** One identify in this time (Discord, "Session start limit"). */
const IDENTIFY_EVERY_MS = 5_000;

const informationSchema = z.object({
  url: z.string(),
  shards: z.number(),
  session_start_limit: z.object({
    total: z.number(),
    remaining: z.number(),
    reset_after: z.number(),
    max_concurrency: z.number(),
  }),
});

export function createGatewayDirectory(rest: REST, clock: Clock): GatewayDirectory {
  let known: APIGatewayBotInfo | null = null;
  let identifyAt = 0;
  return {
    async look({ resuming, signal }) {
      if (resuming && known) return { ok: true, information: known };
      try {
        known = informationSchema.parse(await rest.get(Routes.gatewayBot(), { signal }));
      } catch (error) {
        if (!isUnauthorised(error)) return { ok: false, end: describeFailure(error) };
        // A single 401 has been seen to pass (facts.md, Discord 2): where the token was good, the gateway itself decides.
        if (known === null) return { ok: false, end: { kind: 'fatal', reason: WRONG_TOKEN } };
      }
      const { remaining, reset_after } = known.session_start_limit;
      // Who identifies beyond the limit has the token reset.
      if (remaining === 0) {
        const reason = 'Discord allows this bot no more new sessions for now';
        return { ok: false, end: { kind: 'again', reason, retryAfterMs: reset_after } };
      }
      return { ok: true, information: known };
    },
    async waitForIdentify(signal) {
      const waitMs = identifyAt - clock.now();
      identifyAt = Math.max(identifyAt, clock.now()) + IDENTIFY_EVERY_MS;
      if (waitMs > 0) await clock.sleep(waitMs, signal);
      signal.throwIfAborted();
    },
  };
}

function isUnauthorised(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.status === 401;
}

function describeFailure(error: unknown): AfterLoss {
  const reason = error instanceof Error ? error.message || error.name : String(error);
  if (error instanceof RateLimitError) return { kind: 'again', reason: 'rate limited', retryAfterMs: error.retryAfter };
  return { kind: 'again', reason: `Discord's API cannot be reached: ${reason}` };
}
