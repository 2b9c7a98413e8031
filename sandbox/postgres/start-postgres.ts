import { join } from 'node:path';
import { readChildren, signalIfThere } from './children.ts';
import { forkKeeper } from './keeper-client.ts';
import type { KeeperNotice, KeeperReport, StopMode } from './keeper-protocol.ts';
import { type DatabaseSpec, type RoleSpec, seed } from './seed.ts';

export interface PostgresOptions {
  /** Lines of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly roles?: readonly RoleSpec[] | undefined;
  readonly databases?: readonly DatabaseSpec[] | undefined;
  /** Default: a free one, kept over restarts. */
  readonly port?: number | undefined;
  /** `listen_addresses`; clients are admitted from 127.0.0.0/8 only. */
  readonly listen?: string | undefined;
  /** `npm` (PostgreSQL 18, the default) or a bin directory (see system-servers.ts). */
  readonly binaries?: string | undefined;
}

/** A login, in the shape of pg's options. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A real PostgreSQL of one's own. Every act resolves when it has happened. */
export interface RunningPostgres {
  readonly host: string;
  readonly port: number;
  readonly superuser: Login;
  readonly dataDirectory: string;
  /** As in `18.4`. */
  readonly version: string;
  /** The postmaster's; null while it is stopped. */
  readonly pid: number | null;
  stop(mode: StopMode): Promise<void>;
  /** A signal to the postmaster. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Fast stop, if it runs, and start on the same port and data; `wait: false` returns before it accepts clients. */
  restart(options?: { readonly wait?: boolean }): Promise<void>;
  /** SIGSTOP to the postmaster: held sessions go on, new ones hang (facts.md, PostgreSQL 3). */
  freeze(): Promise<void>;
  /** SIGSTOP to the postmaster and all that it has started: nobody gets an answer, who is in neither. */
  hang(): Promise<void>;
  /** Ends either. */
  thaw(): Promise<void>;
  /**
   * Starts a postmaster on its data as a container does: that a stopped server runs again, or that a second one tries to
   * run beside the first. It listens on these addresses, as in `127.0.0.1,127.20.1.2`.
   */
  run(listen: string): Promise<PostgresRun>;
  /** The postmasters that run on its data, by pid: more than one is what must never be. */
  readonly pids: readonly number[];
  /** Ends it whatever its state, and removes its data. */
  close(): Promise<void>;
}

/** One run of a postmaster that `run` has started. */
export interface PostgresRun {
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when it accepts connections; of one that ends before, never. */
  readonly ready: Promise<void>;
  readonly exited: Promise<PostgresExit>;
}

export type PostgresExit = Omit<KeeperNotice, 'ended'>;

/**
 * Starts a real PostgreSQL on 127.0.0.1 with an empty data directory. May be called from any thread, as root (the server
 * then runs as nobody) or as an ordinary user; nothing outlives the calling process or thread, however it dies. Linux only.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const { settings = {}, listen = '127.0.0.1', port = null, binaries = 'npm' } = options;
  const ends = new Map<number, PromiseWithResolvers<PostgresExit>>();
  const endOf = (pid: number) => {
    const end = ends.get(pid) ?? Promise.withResolvers<PostgresExit>();
    ends.set(pid, end);
    return end;
  };
  const keeper = forkKeeper(({ ended, ...exit }) => {
    const pids = state.pids.filter((pid) => pid !== ended);
    state = { ...state, pid: state.pid === ended ? null : state.pid, pids };
    endOf(ended).resolve(exit);
  });
  let state: KeeperReport = { pid: null, pids: [], started: null, port: 0, directory: '', password: '', version: '' };
  try {
    state = await keeper.ask({ act: 'start', order: { binaries, settings, listen, port } });
    const act = async (request: Parameters<typeof keeper.ask>[0]) => {
      state = await keeper.ask(request);
    };
    const superuser = superuserLogin(state);
    await seed(superuser, options.roles ?? [], options.databases ?? []);
    return {
      host: superuser.host,
      port: superuser.port,
      superuser,
      dataDirectory: join(state.directory, 'data'),
      version: state.version,
      get pid() {
        return state.pid;
      },
      get pids() {
        return state.pids;
      },
      async run(addresses) {
        state = await keeper.ask({ act: 'run', listen: addresses });
        const { started } = state;
        if (started === null) throw new Error('the keeper started no postmaster');
        const { pid, logFile } = started;
        const ready = keeper.ask({ act: 'ready', pid }).then(
          () => {},
          // It ends, which `exited` tells.
          () => new Promise<void>(() => {}),
        );
        const exited = endOf(pid).promise;
        // The kernel may give the number to another one later.
        void exited.then(() => ends.delete(pid));
        return { pid, logFile, ready, exited };
      },
      stop: (mode) => act({ act: 'stop', mode }),
      kill: (signal) => act({ act: 'signal', signal }),
      restart: ({ wait = true } = {}) => act({ act: 'restart', wait }),
      freeze: () => act({ act: 'signal', signal: 'SIGSTOP' }),
      async hang() {
        await act({ act: 'signal', signal: 'SIGSTOP' });
        // The postmaster first: it starts nobody new meanwhile.
        for (const child of childrenOf(state)) signalIfThere(child, 'SIGSTOP');
      },
      async thaw() {
        for (const child of childrenOf(state)) signalIfThere(child, 'SIGCONT');
        await act({ act: 'signal', signal: 'SIGCONT' });
      },
      close: async () => {
        // Asked first, so that a smart stop still under way resolves as well.
        if (keeper.connected()) await keeper.ask({ act: 'close' });
        await keeper.dismiss();
      },
    };
  } catch (error) {
    await keeper.dismiss();
    throw error;
  }
}

function childrenOf({ pid }: KeeperReport): readonly number[] {
  return pid === null ? [] : readChildren(pid);
}

function superuserLogin({ port, password }: KeeperReport): Login {
  return { host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres' };
}
