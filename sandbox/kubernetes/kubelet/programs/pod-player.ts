import type { ChildProcess } from 'node:child_process';
import type { Opened, Player } from '../../../players/create-player.ts';
import type { ClientMessage, ClientRequest, ClientState } from './client-protocol.ts';

/** The application in a pod of the cluster, played as any other; what it is told happens in its own process. */
export interface PodPlayer extends Player {
  /** Sessions that ended without its doing: what visitors of the application see as errors. */
  lost(): number;
  /** Resolves when it first holds its sessions, or was refused them. */
  readonly ready: Promise<void>;
}

interface Asker {
  readonly resolve: (result: Opened | null) => void;
  readonly reject: (error: Error) => void;
}

export function createPodPlayer(child: ChildProcess, name: string, localAddress: string): PodPlayer {
  const waiting = new Map<number, Asker>();
  const { promise: ready, resolve: becomeReady } = Promise.withResolvers<void>();
  let state: ClientState = { count: 0, refused: 0, lost: 0 };
  let lastId = 0;

  child.on('message', (message: ClientMessage) => {
    state = message.state;
    if ('ready' in message) {
      if (message.ready) becomeReady();
      return;
    }
    const asker = waiting.get(message.id);
    waiting.delete(message.id);
    if ('error' in message) asker?.reject(new Error(message.error));
    else asker?.resolve(message.result);
  });
  child.on('error', () => {}); // Its exit tells, and a message to who has gone is nobody's.
  child.once('exit', () => {
    state = { ...state, count: 0 };
    for (const { reject } of waiting.values()) reject(new Error(`${name} has ended`));
    waiting.clear();
  });

  function ask(act: ClientRequest['act'], ...args: readonly number[]): Promise<Opened | null> {
    return new Promise((resolve, reject) => {
      if (!child.connected) return reject(new Error(`${name} has ended`));
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      child.send({ id: lastId, act, args } satisfies ClientRequest);
      return undefined;
    });
  }
  const openBy = async (act: 'open' | 'leak', ...args: readonly number[]): Promise<Opened> =>
    (await ask(act, ...args)) ?? { opened: 0, refused: 0 };
  const tell = async (act: ClientRequest['act'], ...args: readonly number[]): Promise<void> => {
    await ask(act, ...args);
  };

  return {
    name,
    localAddress,
    ready,
    count: () => state.count,
    refused: () => state.refused,
    lost: () => state.lost,
    open: (n) => openBy('open', n),
    leak: (n, perSecond, signal) => {
      signal?.addEventListener('abort', () => void ask('stopLeaking'), { once: true });
      return openBy('leak', n, perSecond);
    },
    holdTransaction: (n) => tell('holdTransaction', n),
    runQueries: (n, everyMs = 50) => void ask('runQueries', n, everyMs),
    idle: () => tell('idle'),
    close: (n) => (n === undefined ? tell('close') : tell('close', n)),
    abandon: () => {
      throw new Error(`${name} is a pod: abandon it at its kubelet`);
    },
    terminateAll: () => tell('terminateAll'),
  };
}
