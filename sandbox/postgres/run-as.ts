import { spawnSync } from 'node:child_process';

/** The user under whom the server runs; PostgreSQL refuses to be root. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
  /** True when that is another user than ours, who may not reach all that we reach. */
  readonly stranger: boolean;
  /** Goes before a command line; with it the command dies when the thread that spawned it dies (facts.md, PostgreSQL 18). */
  readonly prefix: readonly [string, ...string[]];
}

const NOBODY = 65_534;

/** As root: nobody. Else ourselves. Needs `setpriv` of util-linux, so Linux only. */
export function chooseRunAs(
  uid: number = process.getuid?.() ?? NOBODY,
  gid: number = process.getgid?.() ?? NOBODY,
): RunAs {
  const tied = ['--pdeathsig', 'INT'];
  if (uid !== 0) return { uid, gid, stranger: false, prefix: ['setpriv', ...tied] };
  const become = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  return { uid: NOBODY, gid: NOBODY, stranger: true, prefix: ['setpriv', ...become, ...tied] };
}

/** Whether that user can enter the directory or execute the file: a checkout under /root is closed to nobody. */
export function canReach(runAs: RunAs, path: string): boolean {
  if (!runAs.stranger) return true;
  const [command, ...rest] = runAs.prefix;
  return spawnSync(command, [...rest, 'test', '-x', path], { stdio: 'ignore' }).status === 0;
}
