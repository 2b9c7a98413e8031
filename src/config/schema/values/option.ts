import { z } from 'zod';
import { parseOption, type RuleOption } from '../../../model/rule-options.ts';
import type { Threshold } from '../../../model/threshold.ts';
import { durationSchema } from './duration.ts';
import { thresholdSchema } from './threshold.ts';

/** A number of an alert rule, in the form that its type asks for. */
export function optionSchema(option: RuleOption): z.ZodType<Threshold, string | number> {
  const { type, meaning } = option;
  if (type === 'threshold') return thresholdSchema(meaning, option.default);
  if (type === 'duration') return durationOption(option);
  const fault = type === 'bytes' ? NO_SIZE : NO_COUNT;
  return z
    .union([z.string(), z.number()], { error: ({ input }) => (input === undefined ? undefined : fault) })
    .transform((input, context): Threshold => {
      const parsed = parseOption(type, input);
      if (parsed !== null) return parsed;
      context.issues.push({ code: 'custom', message: fault, input });
      return z.NEVER;
    })
    .meta({ description: meaning, examples: [option.default] });
}

const NO_SIZE = 'is no size: write one number and its unit (MiB, GiB, TiB), as in 10GiB';
const NO_COUNT = 'is no whole number: write one, as in 5';

/** At most the length of a timer, as for every duration of the file; zero is a duration that an alert can wait. */
function durationOption({ meaning, default: written }: RuleOption): z.ZodType<Threshold, string> {
  return durationSchema({ description: meaning, example: String(written), allowZero: true, maxMs: MAX_MS }).transform(
    (value): Threshold => ({ kind: 'count', value }),
  ) as z.ZodType<Threshold, string>;
}

const MAX_MS = 3_650 * 86_400_000;
