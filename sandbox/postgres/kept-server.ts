import { chownSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Binaries, prepareBinaries } from './binaries.ts';
import { choosePort } from './choose-port.ts';
import { configure, createDataDirectory } from './data-directory.ts';
import type { KeeperNotice, KeeperReport, StartOrder, StopMode } from './keeper-protocol.ts';
import { type Postmaster, spawnPostmaster } from './postmaster.ts';
import { canReach, chooseRunAs, type RunAs } from './run-as.ts';
import { endServer, removeServerDirectory } from './tidy.ts';

/** The server as its keeper process holds it: one directory and port, any number of postmasters after each other. */
export interface KeptServer {
  report(): KeeperReport;
  start(wait: boolean): Promise<void>;
  restart(wait: boolean): Promise<void>;
  stop(mode: StopMode): Promise<void>;
  signal(signal: NodeJS.Signals): Promise<void>;
  /** Starts a postmaster as a container does: whatever else runs there, once, and without waiting. */
  run(listen: string, onEnd: (notice: KeeperNotice) => void): void;
  /** Resolves when that one accepts connections; rejects when it ends instead. */
  ready(pid: number): Promise<void>;
  /** Ends it at once and removes everything it had. */
  close(): Promise<void>;
}

const START_ATTEMPTS = 20;

export function createKeptServer(order: StartOrder): KeptServer {
  const runAs = chooseRunAs();
  const directory = createServerDirectory(runAs);
  let closing = false;
  let made: { binaries: Binaries; password: string } | null = null;
  let port = order.port ?? choosePort();
  let postmaster: Postmaster | null = null;
  const ran = new Set<Postmaster>();
  let runs = 0;
  let started: KeeperReport['started'] = null;

  const make = () => {
    const binaries = prepareBinaries(order.binaries, runAs, directory);
    return { binaries, password: createDataDirectory(directory, binaries, runAs) };
  };
  const start = async (wait: boolean) => {
    const { binaries } = (made ??= make());
    for (let attempt = 1; ; attempt += 1) {
      configure(join(directory, 'data'), { ...order.settings, listen_addresses: order.listen, port });
      postmaster = spawnPostmaster(directory, binaries, runAs);
      if (!wait) return;
      try {
        return await postmaster.ready();
      } catch (error) {
        if (closing || attempt === START_ATTEMPTS || !(error instanceof Error)) throw error;
        if (/Address already in use/.test(error.message) && order.port === null) port = choosePort();
        // Backends of a killed postmaster hold the shared memory until they notice.
        else if (/shared memory block|lock file .* already exists/.test(error.message)) await sleep(100);
        else throw error;
      }
    }
  };
  const stop = async (mode: StopMode) => postmaster?.stop(mode);
  return {
    report: () => ({
      pid: postmaster?.running() === true ? postmaster.pid : null,
      pids: [...new Set([postmaster, ...ran])].flatMap((each) => (each?.running() === true ? each.pid : [])),
      started,
      port,
      directory,
      password: made?.password ?? '',
      version: made?.binaries.version ?? '',
    }),
    start,
    stop,
    restart: async (wait) => {
      await stop('fast');
      await start(wait);
    },
    signal: async (signal) => {
      postmaster?.signal(signal);
      // The caller may count on it being gone, as with every other way of ending it.
      if (signal === 'SIGKILL') await postmaster?.exited();
    },
    run: (listen, onEnd) => {
      const { binaries } = (made ??= make());
      runs += 1;
      const logFile = join(directory, `log-${runs}`);
      configure(join(directory, 'data'), { ...order.settings, listen_addresses: listen, port });
      const one = spawnPostmaster(directory, binaries, runAs, logFile);
      started = { pid: one.pid, logFile };
      ran.add(one);
      // One that finds the directory taken ends at once: the one that has it stays the server.
      if (postmaster?.running() !== true) postmaster = one;
      void one.exited().then((exit) => {
        ran.delete(one);
        onEnd({ ended: one.pid, ...exit });
      });
    },
    ready: async (pid) => {
      const one = [...ran].find((each) => each.pid === pid);
      if (one === undefined) throw new Error(`there is no postmaster ${pid}`);
      await one.ready();
    },
    close: async () => {
      closing = true;
      for (const each of new Set([postmaster, ...ran])) if (each !== null) await endServer(each);
      await removeServerDirectory(directory);
    },
  };
}

function createServerDirectory(runAs: RunAs): string {
  const base = [tmpdir(), '/tmp', '/var/tmp'].find((candidate) => canReach(runAs, candidate)) ?? tmpdir();
  const directory = mkdtempSync(join(base, 'breakwater-postgres-'));
  chownSync(directory, runAs.uid, runAs.gid);
  return directory;
}
