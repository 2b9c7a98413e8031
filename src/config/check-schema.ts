import type { z } from 'zod';
import type { Censor } from './censor.ts';
import { describeIssue } from './describe-issue.ts';
import { describeUnknownKey } from './describe-unknown-key.ts';
import type { Places } from './document/places.ts';
import type { Finding } from './finding.ts';
import type { Hints } from './hints.ts';
import type { Path } from './path.ts';
import type { Raw } from './raw.ts';

interface SchemaContext {
  readonly places: Places;
  readonly hints: Hints;
  readonly censor: Censor;
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Holds the data against the schema: the parsed value, or one finding for each fault. */
export function checkSchema<T>(schema: z.ZodType<T>, data: Raw, context: SchemaContext): Checked<T> {
  const { places, hints, censor } = context;
  const result = schema.safeParse(data, {
    reportInput: true,
    error: (issue) => {
      const path = toPath(issue.path ?? []);
      const source = places.at(path)?.source ?? '';
      return describeIssue(issue, path, censor.quote(source) === null ? null : source, hints);
    },
  });
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, findings: result.error.issues.flatMap((issue) => toFindings(issue, context)) };
}

function toFindings(issue: z.core.$ZodIssue, context: SchemaContext): readonly Finding[] {
  const path = toPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      about: 'unknown key',
      message: describeUnknownKey(path, key, context.hints, context.censor),
    }));
  }
  const missing = issue.input === undefined && issue.code === 'invalid_type';
  return [{ path, about: missing ? 'missing key' : 'value', message: issue.message }];
}

function toPath(path: readonly PropertyKey[]): Path {
  return path.map((segment) => (typeof segment === 'symbol' ? String(segment) : segment));
}
