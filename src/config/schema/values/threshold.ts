import { z } from 'zod';
import { parseThreshold, type Threshold } from '../../../model/threshold.ts';

/** A percentage in quotes (`"90%"`) or a whole number. */
export function thresholdSchema(description: string, example: string | number): z.ZodType<Threshold, string | number> {
  return z
    .union([z.string(), z.number()], { error: ({ input }) => (input === undefined ? undefined : WRONG_TYPE) })
    .transform((input, context): Threshold => {
      const threshold = parseThreshold(input);
      const fault = threshold === null ? NO_THRESHOLD : findFault(threshold);
      if (threshold !== null && fault === null) return threshold;
      context.issues.push({ code: 'custom', message: fault ?? NO_THRESHOLD, input });
      return z.NEVER;
    })
    .meta({ description, examples: [example] });
}

const WRONG_TYPE = 'is no threshold: write a percentage such as "90%" or a number such as 90';
const NO_THRESHOLD = 'is neither a percentage nor a number: write one, as in "90%" or 90';

function findFault({ kind, value }: Threshold): string | null {
  if (kind === 'percent') return value > 100 ? 'is more than all there is: write "100%" or less' : null;
  return Number.isSafeInteger(value) ? null : 'is no whole number: write one, as in 90, or a percentage, as in "90%"';
}
