import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bucket, takeToken } from '../../../src/http/webhooks/token-bucket.ts';

const LIMITS = { burst: 20, perSecond: 5 };

test('never lets through more than the burst and what has come since', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 200 }), (gaps) => {
      let bucket: Bucket = { tokens: LIMITS.burst, at: 0 };
      let now = 0;
      let passed = 0;
      for (const gap of gaps) {
        now += gap;
        const taken = takeToken(bucket, LIMITS, now);
        bucket = taken.bucket;
        if (taken.ok) passed += 1;
        expect(passed).toBeLessThanOrEqual(LIMITS.burst + (now * LIMITS.perSecond) / 1_000);
      }
    }),
  );
});

test('says when the next one comes, and then it has come', () => {
  const empty: Bucket = { tokens: 0.5, at: 1_000 };
  const refused = takeToken(empty, LIMITS, 1_000);
  expect(refused).toEqual({ ok: false, bucket: empty, retryAfterMs: 100 });
  expect(takeToken(refused.bucket, LIMITS, 1_100).ok).toBe(true);
});

test('does not fill up beyond the burst, nor when the clock is set back', () => {
  expect(takeToken({ tokens: 20, at: 0 }, LIMITS, 1e9).bucket.tokens).toBe(19);
  expect(takeToken({ tokens: 0, at: 5_000 }, LIMITS, 0)).toMatchObject({ ok: false, bucket: { tokens: 0 } });
});
