import { findClosest } from '../model/did-you-mean.ts';
import type { ReadKey } from './document/to-plain.ts';
import type { Hints } from './hints.ts';
import { isSecretKey } from './secrets/looks-secret.ts';

/**
 * Takes an unknown key for the known one it is a slip of, if that one is not there: `database:` would otherwise hide
 * every fault under it. It stays a fault of its own.
 */
export function createReadKey(hints: Hints): ReadKey {
  return (parent, written, present) => {
    const known = hints.keysAt(parent);
    if (known.length === 0 || known.includes(written) || isSecretKey(written)) return null;
    const meant = findClosest(written, known);
    if (meant === null || present.includes(meant)) return null;
    // Two slips of one key: only the first stands for it.
    const first = present.find((key) => !known.includes(key) && findClosest(key, known) === meant);
    return first === written ? meant : null;
  };
}
