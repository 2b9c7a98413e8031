import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { durationSchema } from '../../src/config/schema/values/duration.ts';
import { snowflakeSchema } from '../../src/config/schema/values/snowflake.ts';
import { thresholdSchema } from '../../src/config/schema/values/threshold.ts';

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const duration = durationSchema({ description: '', example: '1m', maxMs: Number.MAX_SAFE_INTEGER });

it('reads every whole number of every unit as that many milliseconds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.constantFrom(...Object.entries(UNITS)),
      (amount, [unit, ms]) => {
        expect(duration.parse(`${amount}${unit}`)).toBe(amount * ms);
      },
    ),
  );
});

it('refuses a number without a unit, whatever the number', () => {
  fc.assert(
    fc.property(fc.nat(), (amount) => {
      expect(duration.safeParse(String(amount)).error?.issues[0]?.message).toContain('has no unit');
      expect(duration.safeParse(amount).success).toBe(false);
    }),
  );
});

it.each(['0s', '25d'])('refuses %s as an interval: a timer cannot wait so', (text) => {
  expect(durationSchema({ description: '', example: '1m' }).safeParse(text).success).toBe(false);
});

it('reads percentages and counts', () => {
  const threshold = thresholdSchema('', '90%');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), (value) => {
      expect(threshold.parse(`${value}%`)).toEqual({ kind: 'percent', value });
      expect(threshold.parse(value)).toEqual({ kind: 'count', value });
    }),
  );
});

it('keeps every digit of a quoted snowflake', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 10n ** 16n, max: 2n ** 64n - 1n }), (id) => {
      expect(snowflakeSchema('').parse(String(id))).toBe(String(id));
    }),
  );
});
