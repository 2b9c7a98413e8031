import { createHash } from 'node:crypto';

/** The letters of Kubernetes' own hashes and suffixes: no vowels, so that no words come about. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** Ten letters for a pod template: the same for the same template, whatever the order of its fields. */
export function hashTemplate(template: unknown): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(sortFields(template)))
    .digest();
  return [...digest.subarray(0, 10)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

function sortFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortFields);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([field, of]) => [field, sortFields(of)]),
  );
}
