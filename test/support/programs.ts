import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Null where all of these are in the PATH; else a note for the name of what is skipped. */
export function whyNot(...programs: readonly string[]): string | null {
  const paths = (process.env['PATH'] ?? '').split(delimiter);
  const missing = programs.filter((program) => !paths.some((path) => existsSync(join(path, program))));
  return missing.length === 0 ? null : ` (skipped: no ${missing.join(' and no ')} in the PATH)`;
}
