import { createHash } from 'node:crypto';

/** Two names and the rest fit into a custom id of 100 characters (facts.md, Discord 7). */
const LONGEST = 32;
const MARK = '~';

/**
 * A name as it stands in a custom id: itself, encoded, or the mark of a name that is too long: never a part of it, which
 * could name another. `longest`: characters of it, encoded. Pure.
 */
export function referTo(name: string, longest = LONGEST): string {
  if (name.isWellFormed() && !name.startsWith(MARK)) {
    const encoded = encodeURIComponent(name);
    if (encoded.length <= longest) return encoded;
  }
  return markOf(name);
}

/** The name that a decoded reference means; null where it is a mark that none of the candidates has. Pure. */
export function findReferred(reference: string, candidates: readonly string[]): string | null {
  if (!reference.startsWith(MARK)) return reference;
  return candidates.find((candidate) => markOf(candidate) === reference) ?? null;
}

function markOf(name: string): string {
  return MARK + createHash('sha256').update(name).digest('hex').slice(0, 16);
}
