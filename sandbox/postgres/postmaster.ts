import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import type { StopMode } from './keeper-protocol.ts';
import type { RunAs } from './run-as.ts';

/** One run of the server process, from its spawn to its exit. Call from the main thread (see run-as.ts). */
export interface Postmaster {
  readonly pid: number;
  running(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when it accepts connections; throws with the log's last lines when it exits instead. */
  ready(): Promise<void>;
  /** Resolves when it has gone; a smart stop waits for its clients as long as it takes. */
  stop(mode: StopMode): Promise<void>;
  exited(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

const STOP_SIGNALS = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const;
const START_TIMEOUT_MS = 60_000;

export function spawnPostmaster(
  directory: string,
  binaries: Binaries,
  runAs: RunAs,
  logFile = join(directory, 'log'),
): Postmaster {
  const data = join(directory, 'data');
  const log = openSync(logFile, 'a');
  const logStart = readFileSync(logFile, 'utf8').length;
  const [command, ...rest] = runAs.prefix;
  const child = spawn(command, [...rest, join(binaries.bin, 'postgres'), '-D', data], {
    cwd: directory,
    env: binaries.env,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) {
    child.once('error', () => {}); // Its only cause is an absent setpriv, told below.
    throw new Error('cannot run setpriv: install util-linux');
  }
  const exit = once(child, 'exit');
  const running = () => isRunning(child);
  const signal = (name: NodeJS.Signals) => {
    if (running()) process.kill(pid, name);
  };
  return {
    pid,
    running,
    signal,
    ready: async () => {
      for (let waitedMs = 0; running(); waitedMs += 10) {
        if (isReady(data, pid)) return;
        if (waitedMs > START_TIMEOUT_MS) break;
        await sleep(10);
      }
      throw new Error(`PostgreSQL did not start:\n${readFileSync(logFile, 'utf8').slice(logStart).slice(-2000)}`);
    },
    stop: async (mode) => {
      if (!running()) return;
      signal(STOP_SIGNALS[mode]);
      await exit;
    },
    exited: async () => {
      const [code, name] = await exit;
      return { code, signal: name };
    },
  };
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** What pg_ctl looks at: line 1 is the postmaster's pid, line 8 its state (`standby` on a hot standby). */
function isReady(data: string, pid: number): boolean {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return false;
  const lines = readFileSync(file, 'utf8').split('\n');
  return Number(lines[0]) === pid && /^(ready|standby)/.test(lines[7] ?? '');
}
