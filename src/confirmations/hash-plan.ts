import { createHash } from 'node:crypto';
import type { Json } from '../journal/journal.ts';
import type { Confirmation } from './confirmation.ts';

/** The 16 hexadecimal digits that say "exactly this": the same for the same content, in whatever order its keys stand. */
export function hashPlan({ act, database, plan }: Pick<Confirmation, 'act' | 'database' | 'plan'>): string {
  return createHash('sha256').update(writeCanonically({ act, database, plan })).digest('hex').slice(0, 16);
}

/** Whether the plan still is what was shown: in a journal a secret in it has been taken out. */
export function isAsShown(confirmation: Pick<Confirmation, 'act' | 'database' | 'plan' | 'hash'>): boolean {
  return hashPlan(confirmation) === confirmation.hash;
}

function writeCanonically(value: Json): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? // Defined, not assigned: a key `__proto__` is a key like any other.
        Object.entries(part)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .reduce((sorted, [key, own]) => Object.defineProperty(sorted, key, { value: own, enumerable: true }), {})
      : part,
  );
}
