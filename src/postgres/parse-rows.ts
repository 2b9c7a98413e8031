import type { z } from 'zod';
import type { QueryOutcome } from './query-within.ts';

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** pg's rows are unchecked: what is not as expected becomes a reason that names the columns, never their contents. */
export function parseRows<T>(schema: z.ZodType<T>, outcome: QueryOutcome): Parsed<T> {
  if (!outcome.ok) return outcome;
  const parsed = schema.safeParse(outcome.rows);
  if (parsed.success) return { ok: true, value: parsed.data };
  const columns = new Set(parsed.error.issues.map((issue) => String(issue.path.at(-1))));
  return { ok: false, reason: `the server answered in an unexpected form: ${[...columns].join(', ')}` };
}
