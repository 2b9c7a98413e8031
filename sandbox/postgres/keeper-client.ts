import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { KeeperNotice, KeeperReply, KeeperReport, KeeperRequest } from './keeper-protocol.ts';

/** The near end of the channel to one keeper process. */
export interface KeeperClient {
  connected(): boolean;
  ask(request: DistributiveOmit<KeeperRequest, 'id'>): Promise<KeeperReport>;
  /** Breaks the channel; the keeper then ends the server, if it still runs, and itself. */
  dismiss(): Promise<void>;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

const KEEPER = fileURLToPath(new URL('keeper.ts', import.meta.url));

/** Forks a keeper in a session of its own, so that neither Ctrl-C nor a killed process group takes it before it tidied up. */
export function forkKeeper(onNotice: (notice: KeeperNotice) => void = () => {}): KeeperClient {
  const child = fork(KEEPER, [], { detached: true, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const waiting = new Map<number, { resolve(report: KeeperReport): void; reject(error: Error): void }>();
  let lastId = 0;

  const failAll = (error: Error) => {
    for (const asker of waiting.values()) asker.reject(error);
    waiting.clear();
  };
  child.on('message', (reply: KeeperReply | KeeperNotice) => {
    if ('ended' in reply) return onNotice(reply);
    const asker = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (waiting.size === 0) release(child);
    if (reply.ok) asker?.resolve(reply.report);
    else asker?.reject(new Error(reply.error));
    return undefined;
  });
  child.on('error', failAll);
  child.on('exit', () => failAll(new Error('the keeper of the PostgreSQL server has exited')));

  return {
    connected: () => child.connected,
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (!child.connected) {
          reject(new Error('the PostgreSQL server is closed'));
          return;
        }
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        hold(child);
        child.send({ ...request, id: lastId });
      }),
    dismiss: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.ref();
      const exited = new Promise((resolve) => child.once('exit', resolve));
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

/** A server that nobody waits for keeps no program alive. */
function release(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

function hold(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}
