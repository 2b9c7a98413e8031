import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { RuleDescription } from '../model/rule-options.ts';
import { checkConfig, type Loaded } from './check-config.ts';
import { type Environment, errorCode, type ReadFile } from './secrets/read-variable.ts';

export interface LoadOptions {
  /** Of the file, relative to the working directory. */
  readonly path: string;
  readonly env: Environment;
  /** What may stand under `databases[].alerts`. */
  readonly rules: readonly RuleDescription[];
  /** `ignored`: none is asked for, and none is in the configuration: for what only reads it. */
  readonly secrets?: 'needed' | 'ignored' | undefined;
  /** For tests. */
  readonly readFile?: ReadFile;
}

/**
 * Reads the configuration and its secrets: all of it, or every fault in file order (render them with `renderFaults`,
 * exit with 2). Does not throw, and changes nothing.
 */
export function loadConfig({ path, env, rules, secrets, readFile = readUtf8 }: LoadOptions): Loaded {
  let source: string;
  try {
    source = readFile(path);
  } catch (error) {
    const message = `cannot be read (${errorCode(error)}): start from breakwater.example.yaml, or set BREAKWATER_CONFIG to the file's path`;
    return { ok: false, faults: [{ line: 1, column: 1, path: '', message }] };
  }
  return checkConfig({ source, directory: dirname(resolve(path)), env, rules, secrets, readFile });
}

function readUtf8(path: string): string {
  return readFileSync(path, 'utf8');
}
