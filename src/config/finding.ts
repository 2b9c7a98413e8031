import type { Path } from './path.ts';

/** A fault before it has a line: a place in the data, and a predicate about what stands there. */
export interface Finding {
  readonly path: Path;
  /**
   * What is at fault, which decides where it is shown: the value (quoted in front of the message, if it may be shown),
   * the key, a key that no schema knows, or that something is missing, which a mangled file may only seem to lack.
   */
  readonly about: 'value' | 'key' | 'unknown key' | 'missing key';
  /** What is wrong and what to write, as a predicate: "is missing: write …". */
  readonly message: string;
}

export function valueFinding(path: Path, message: string): Finding {
  return { path, about: 'value', message };
}

export function keyFinding(path: Path, message: string): Finding {
  return { path, about: 'key', message };
}
