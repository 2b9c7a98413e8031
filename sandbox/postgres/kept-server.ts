import { chownSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Binaries, prepareBinaries } from './binaries.ts';
import { choosePort } from './choose-port.ts';
import { configure, createDataDirectory } from './data-directory.ts';
import type { KeeperReport, StartOrder, StopMode } from './keeper-protocol.ts';
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
    close: async () => {
      closing = true;
      if (postmaster !== null) await endServer(postmaster);
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
