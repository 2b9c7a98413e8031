import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { COMPILE_CACHE } from '../../compile-cache.ts';
import { readChildren, signalIfThere } from '../../postgres/children.ts';
import type { Exit, RunningProgram } from './program.ts';

export type StartedProcess = Omit<RunningProgram, 'ready'> & { readonly child: ChildProcess };

/**
 * Starts a container's process with nothing of our own environment but the path. The kernel kills it, frozen or not, when
 * the thread that calls this dies, however that dies. Linux only.
 */
export function runProcess(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  print: (line: string) => void,
): StartedProcess {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
    env: { PATH: process.env['PATH'], ...COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const { pid } = child;
  if (pid === undefined) {
    child.once('error', () => {}); // Its only cause is an absent setpriv, told below.
    throw new Error('cannot run setpriv: install util-linux');
  }
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) readLines(stream, print);
  const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  let running = true;
  void exited.then(() => {
    running = false;
  });
  return {
    child,
    pid,
    exited,
    signal: (name) => {
      if (running) signalAll(pid, name);
    },
    freeze: () => {
      if (running) signalAll(pid, 'SIGSTOP');
    },
    thaw: () => {
      if (running) signalAll(pid, 'SIGCONT');
    },
  };
}

/** What stops, resumes or kills a container does so to all of its processes; every other signal is for the first one. */
export function signalAll(pid: number, name: NodeJS.Signals): void {
  const children = ['SIGKILL', 'SIGSTOP', 'SIGCONT'].includes(name) ? readChildren(pid) : [];
  for (const each of [pid, ...children]) signalIfThere(each, name);
}

function readLines(stream: Readable, print: (line: string) => void): void {
  createInterface({ input: stream }).on('line', print);
}
