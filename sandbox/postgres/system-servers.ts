import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface SystemServer {
  readonly major: number;
  /** For the `binaries` of startPostgres. */
  readonly bin: string;
}

/** The server packages of Debian and Ubuntu that are installed here, oldest first; often none. */
export function findSystemServers(root = '/usr/lib/postgresql'): SystemServer[] {
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .map((name) => ({ major: Number(name), bin: join(root, name, 'bin') }))
    .filter(({ major, bin }) => Number.isInteger(major) && existsSync(join(bin, 'postgres')))
    .sort((a, b) => a.major - b.major);
}
