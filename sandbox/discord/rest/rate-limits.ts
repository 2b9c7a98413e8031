import { createHash } from 'node:crypto';
import type { Clock } from '../../../src/model/clock.ts';

export interface Limit {
  readonly requests: number;
  readonly perMs: number;
}

export interface RateLimits {
  /** Limits one operation, as in `POST /channels/{channel_id}/messages`; from now on. */
  set(operation: string, limit: Limit): void;
  /** Counts a request. `retryAfterS` is null while it is within its limits. */
  take(operation: string, majorParameter: string): Taken;
}

export interface Taken {
  readonly headers: Readonly<Record<string, string>>;
  readonly retryAfterS: number | null;
  readonly global: boolean;
}

/** Wider than Discord's (5 a 5 s for messages), so that tests and drills do not wait; narrow them with `set`. */
const DEFAULT_LIMIT: Limit = { requests: 60, perMs: 1_000 };
/** Discord's is 50 a second. */
const GLOBAL_LIMIT: Limit = { requests: 500, perMs: 1_000 };
const GLOBAL = 'global';

/** Buckets per operation and major parameter, with Discord's headers (Discord, "Rate limits"). */
export function createRateLimits(clock: Clock): RateLimits {
  const limits = new Map<string, Limit>([[GLOBAL, GLOBAL_LIMIT]]);
  const windows = new Map<string, { used: number; resetsAt: number }>();

  const count = (key: string, limit: Limit): { used: number; resetsAt: number } => {
    const now = clock.now();
    const open = windows.get(key);
    const window = open !== undefined && open.resetsAt > now ? open : { used: 0, resetsAt: now + limit.perMs };
    window.used += 1;
    windows.set(key, window);
    return window;
  };

  return {
    set: (operation, limit) => void limits.set(operation, limit),
    take(operation, majorParameter) {
      const limit = limits.get(operation) ?? DEFAULT_LIMIT;
      const own = count(`${operation} ${majorParameter}`, limit);
      // Interaction callbacks and their webhooks do not count towards the global limit.
      const counted = !/\/(interactions|webhooks)\//.test(operation);
      const globalLimit = limits.get(GLOBAL) ?? GLOBAL_LIMIT;
      const global = counted ? count(GLOBAL, globalLimit) : null;
      const waitS = (resetsAt: number): number => Math.max(0, (resetsAt - clock.now()) / 1_000);
      const resetAfterS = waitS(own.resetsAt);
      const headers = {
        'X-RateLimit-Limit': String(limit.requests),
        'X-RateLimit-Remaining': String(Math.max(0, limit.requests - own.used)),
        'X-RateLimit-Reset': (own.resetsAt / 1_000).toFixed(3),
        'X-RateLimit-Reset-After': resetAfterS.toFixed(3),
        'X-RateLimit-Bucket': createHash('sha256').update(operation).digest('hex').slice(0, 32),
      };
      if (global !== null && global.used > globalLimit.requests) {
        return { headers, retryAfterS: waitS(global.resetsAt), global: true };
      }
      return { headers, retryAfterS: own.used > limit.requests ? resetAfterS : null, global: false };
    },
  };
}
