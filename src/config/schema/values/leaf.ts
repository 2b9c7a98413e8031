import { z } from 'zod';

/** What an editor shows for a key, and what faults quote as "write …": the first example is valid as it stands. */
export interface LeafDocs {
  readonly description: string;
  readonly examples: readonly [string | number, ...(string | number)[]];
  readonly pattern?: string;
}

/** What a reader of one text answers: the value, or what is wrong as a predicate ("is no duration: write …"). */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: string };

/** Schema of one text value that is read into something better; never throws. */
export function leaf<T>(docs: LeafDocs, read: (text: string) => Read<T>): z.ZodType<T, string> {
  return z
    .string()
    .transform((text, context): T => {
      const result = read(text);
      if (result.ok) return result.value;
      context.issues.push({ code: 'custom', message: result.fault, input: text });
      return z.NEVER;
    })
    .meta({ ...docs, examples: [...docs.examples] });
}

/** A text that stays as it is, if `accept` finds no fault with it. */
export function textLeaf(docs: LeafDocs, findFault: (text: string) => string | null): z.ZodType<string, string> {
  return leaf(docs, (value) => {
    const fault = findFault(value);
    return fault === null ? { ok: true, value } : { ok: false, fault };
  });
}
