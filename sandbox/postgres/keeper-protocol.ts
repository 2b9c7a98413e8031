/** What startPostgres asks of its keeper process, over the IPC channel between them. */
export type KeeperRequest =
  | { readonly id: number; readonly act: 'start'; readonly order: StartOrder }
  | { readonly id: number; readonly act: 'stop'; readonly mode: StopMode }
  | { readonly id: number; readonly act: 'signal'; readonly signal: NodeJS.Signals }
  | { readonly id: number; readonly act: 'restart'; readonly wait: boolean }
  | { readonly id: number; readonly act: 'run'; readonly listen: string }
  | { readonly id: number; readonly act: 'ready'; readonly pid: number }
  | { readonly id: number; readonly act: 'close' };

/** How much PostgreSQL waits for: every client (smart), nobody (fast), not even a checkpoint (immediate). */
export type StopMode = 'smart' | 'fast' | 'immediate';

export interface StartOrder {
  /** `npm`, or the path of a bin directory. */
  readonly binaries: string;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  readonly listen: string;
  /** Null for a free one. */
  readonly port: number | null;
}

/** What the keeper knows of the server after each act. */
export interface KeeperReport {
  /** Null when no postmaster runs. */
  readonly pid: number | null;
  /** All postmasters that run; more than one is what must never be. */
  readonly pids: readonly number[];
  /** Of `run`: the postmaster that it started, and the file that it logs to. */
  readonly started: { readonly pid: number; readonly logFile: string } | null;
  readonly port: number;
  /** Holds the data directory, the log and whatever else goes when the server goes. */
  readonly directory: string;
  readonly password: string;
  /** As in `18.4`. */
  readonly version: string;
}

/** What the keeper tells without being asked: a postmaster of `run` has ended. */
export interface KeeperNotice {
  readonly ended: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export type KeeperReply =
  | { readonly id: number; readonly ok: true; readonly report: KeeperReport }
  | { readonly id: number; readonly ok: false; readonly error: string };
