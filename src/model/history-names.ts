/** The name under which the applications that are too many, or too small to draw, are counted together. */
export const FOLDED_APPLICATIONS = 'other';

/**
 * The same names in the same order, as the strings (and, where nothing changed, the very list) that the previous sample
 * used. Every sample brings its own copies from the wire; this way the history keeps one, and lets go of a name
 * with its last sample (an intern table would keep the short-lived roles of a secrets manager for ever).
 */
export function internNames(names: readonly string[], previous: readonly string[]): readonly string[] {
  if (names.length === previous.length && names.every((name, index) => name === previous[index])) return previous;
  const known = new Map(previous.map((name) => [name, name]));
  return names.map((name) => known.get(name) ?? name);
}
