import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The processes that a postmaster has started, by pid; none when it has gone, or the kernel has no such file. */
export function readChildren(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return []; // It has just gone: the postmaster ends its own.
  }
}

/** The processes whose working directory this is, by pid: a server's backends stay in its data even when it has gone. */
export function readProcessesIn(directory: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === directory;
      } catch {
        return false; // It has just gone, waits to be reaped, or is somebody else's.
      }
    })
    .map(Number);
}

/** What a process calls itself, as in `postgres: startup recovering 0000…`; null when it has gone. */
export function readTitle(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return null;
  }
}

/** False when there is no such process any more. */
export function signalIfThere(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
