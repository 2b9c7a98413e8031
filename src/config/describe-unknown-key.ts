import { findClosest } from '../model/did-you-mean.ts';
import type { Censor } from './censor.ts';
import type { Hints } from './hints.ts';
import { formatPath, type Path } from './path.ts';

/** Says that the schema has no such key there, and which one was probably meant. */
export function describeUnknownKey(parent: Path, key: string, hints: Hints, censor: Censor): string {
  const noun = parent.at(-1) === 'alerts' ? 'alert rule' : 'key';
  const known = hints.keysAt(parent);
  const fact = `is an unknown ${noun}`;
  if (censor.key(key) !== key) return `${fact}: the ones here are ${known.join(', ')}`;
  const closest = findClosest(key, known);
  if (closest !== null) return `${fact}: did you mean ${closest}?`;
  const elsewhere = hints.placesOf(key).map((path) => formatPath(path).replaceAll('[0]', '[]'));
  if (elsewhere.length > 0 && elsewhere.length <= 3) return `${fact} here: did you mean ${elsewhere.join(' or ')}?`;
  return known.length === 0 ? `${fact}: leave it out` : `${fact}: write one of ${known.join(', ')}, or leave it out`;
}
