import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readChildren, readProcessesIn, signalIfThere } from '../../../postgres/children.ts';
import type { PostgresExit, PostgresRun, RunningPostgres } from '../../../postgres/start-postgres.ts';
import type { Program, RunningProgram, Start } from '../program.ts';
import { signalAll } from '../run-process.ts';

/** A second server was started on a data directory while one ran there: what must never happen (product.md §7). */
export interface TwoPostmasters {
  readonly volume: string;
  /** Of the pod whose container came second. */
  readonly pod: string;
  /** Those that ran already. */
  readonly running: readonly number[];
}

/** Backends that outlive their postmaster hold its shared memory: with the first process of a container all others end. */
const LOOK_EVERY_MS = 10;
const BACKENDS_END_WITHIN_MS = 5_000;
const SERVICE_ADDRESS = '127.0.0.1';

/**
 * The image `postgres`: the real server on the data directory that belongs to the pod's PersistentVolume. Two of them see
 * each other's lock file here, unlike in containers (facts.md, Kubernetes and volumes 1): the second ends at once; that it
 * was started at all is told to `onTwo`.
 */
export function createPostgresProgram(
  diskOf: (volume: string) => RunningPostgres | null,
  onTwo: (two: TwoPostmasters) => void,
): Program {
  return {
    stopSignal: 'SIGINT',
    async start({ pod, address, volumes, print }) {
      const [volume = ''] = volumes;
      const disk = diskOf(volume);
      if (disk === null) throw new Error(`no data directory is mounted: ${volumes.join(', ') || 'no volume'}`);
      const running = disk.pids;
      if (running.length > 0) {
        print(`ANOTHER POSTMASTER RUNS ON ${volume}: ${running.join(', ')}`);
        onTwo({ volume, pod: pod.metadata.name, running });
      }
      return asProgram(disk, await disk.run(`${SERVICE_ADDRESS},${address}`), print);
    },
  };
}

function asProgram(
  disk: RunningPostgres,
  { pid, logFile, ready, exited }: PostgresRun,
  print: Start['print'],
): RunningProgram {
  let over = false;
  let printed = 0;
  const flush = (): void => {
    // It goes with the whole server, which may be sooner.
    if (!existsSync(logFile)) return;
    const lines = readFileSync(logFile, 'utf8').split('\n').slice(0, -1);
    for (const line of lines.slice(printed)) print(line);
    printed = lines.length;
  };
  const end = async (): Promise<PostgresExit> => {
    const exit = await exited;
    over = true;
    for (let waitedMs = 0; waitedMs < BACKENDS_END_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
      const others = new Set(disk.pids.flatMap((other) => [other, ...readChildren(other)]));
      const left = readProcessesIn(disk.dataDirectory).filter((each) => !others.has(each));
      if (left.length === 0) break;
      for (const each of left) signalIfThere(each, 'SIGKILL');
      await sleep(LOOK_EVERY_MS);
    }
    flush();
    return exit;
  };
  return {
    pid,
    ready,
    exited: end(),
    flush,
    signal: (name) => {
      if (!over) signalAll(pid, name);
    },
    freeze: () => signalAll(pid, 'SIGSTOP'),
    thaw: () => signalAll(pid, 'SIGCONT'),
  };
}
