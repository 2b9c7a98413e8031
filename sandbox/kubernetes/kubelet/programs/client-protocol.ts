import type { Opened } from '../../../players/create-player.ts';

/** What a scenario may tell an application's pod: the methods of a Player that take plain arguments. */
export interface ClientRequest {
  readonly id: number;
  readonly act: 'open' | 'leak' | 'stopLeaking' | 'holdTransaction' | 'runQueries' | 'idle' | 'close' | 'terminateAll';
  readonly args: readonly number[];
}

/** What the pod knows of its sessions. */
export interface ClientState {
  readonly count: number;
  readonly refused: number;
  /** Sessions that ended, or broke in a query, without its doing. */
  readonly lost: number;
}

export type ClientMessage =
  | { readonly state: ClientState; readonly ready: boolean }
  | { readonly id: number; readonly state: ClientState; readonly result: Opened | null }
  | { readonly id: number; readonly state: ClientState; readonly error: string };
