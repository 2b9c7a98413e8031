import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readChildren, signalIfThere } from './children.ts';
import type { Postmaster } from './postmaster.ts';

/** An immediate stop takes some 10 ms; past this something is stuck, and is killed. */
const PATIENCE_MS = 3_000;

/** Ends the server whatever state a test left it in: frozen itself, or with frozen backends. */
export async function endServer(postmaster: Postmaster): Promise<void> {
  if (!postmaster.running()) return;
  for (const pid of [...readChildren(postmaster.pid), postmaster.pid]) signalIfThere(pid, 'SIGCONT');
  await Promise.race([postmaster.stop('immediate'), sleep(PATIENCE_MS, undefined, { ref: false })]);
  if (!postmaster.running()) return;
  for (const pid of [...readChildren(postmaster.pid), postmaster.pid]) signalIfThere(pid, 'SIGKILL');
  await postmaster.exited();
}

/** Removes all that the server had on disk, and the System V segment that a killed postmaster leaves behind. */
export async function removeServerDirectory(directory: string): Promise<void> {
  const pidFile = join(directory, 'data', 'postmaster.pid');
  if (existsSync(pidFile)) {
    const segment = /^\s*\d+\s+(\d+)\s*$/.exec(readFileSync(pidFile, 'utf8').split('\n')[6] ?? '')?.[1];
    if (segment !== undefined) spawnSync('ipcrm', ['-m', segment], { stdio: 'ignore' });
  }
  // Backends that outlive a killed postmaster for a moment may still write.
  await rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}
