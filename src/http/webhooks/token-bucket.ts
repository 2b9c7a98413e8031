/** So many at once, and so many again each second, for all callers together. */
export interface BucketLimits {
  readonly burst: number;
  readonly perSecond: number;
}

export interface Bucket {
  readonly tokens: number;
  /** Epoch milliseconds of the last refill. */
  readonly at: number;
}

export type Taken =
  | { readonly ok: true; readonly bucket: Bucket }
  | { readonly ok: false; readonly bucket: Bucket; readonly retryAfterMs: number };

/** Takes one token if there is one. Pure, `now` in epoch milliseconds; a clock set back refills nothing. */
export function takeToken(bucket: Bucket, { burst, perSecond }: BucketLimits, now: number): Taken {
  const refilled = (Math.max(0, now - bucket.at) * perSecond) / 1_000;
  const tokens = Math.min(burst, bucket.tokens + refilled);
  if (tokens >= 1) return { ok: true, bucket: { tokens: tokens - 1, at: now } };
  return { ok: false, bucket: { tokens, at: now }, retryAfterMs: Math.ceil(((1 - tokens) * 1_000) / perSecond) };
}
