/**
 * The process between a program and its PostgreSQL server, forked by startPostgres. It spawns the server from its main
 * thread (the program may be a worker thread, which pdeathsig would follow; facts.md, PostgreSQL 18), and when the
 * channel to the program breaks, whatever killed that, it ends the server and removes its directory.
 */
import type { KeeperReply, KeeperRequest } from './keeper-protocol.ts';
import { createKeptServer, type KeptServer } from './kept-server.ts';

let server: KeptServer | null = null;
let ending: Promise<void> | null = null;

process.on('message', (request: KeeperRequest) => {
  obey(request).then(
    () => answer(request.id, null),
    (error: unknown) => answer(request.id, error),
  );
});
for (const event of ['disconnect', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(event, () => void leave());
process.on('uncaughtException', () => void leave(1));

async function obey(request: KeeperRequest): Promise<void> {
  if (request.act === 'start') {
    server = createKeptServer(request.order);
    return server.start(true);
  }
  if (request.act === 'close') return close();
  if (server === null) throw new Error('the keeper has no server yet');
  if (request.act === 'stop') return server.stop(request.mode);
  if (request.act === 'run')
    return server.run(request.listen, (notice) => void (process.connected && process.send?.(notice)));
  if (request.act === 'ready') return server.ready(request.pid);
  if (request.act === 'restart') return server.restart(request.wait);
  return server.signal(request.signal);
}

function answer(id: number, error: unknown): void {
  if (!process.connected) return;
  const reply: KeeperReply =
    error !== null || server === null
      ? { id, ok: false, error: error instanceof Error ? error.message : String(error) }
      : { id, ok: true, report: server.report() };
  process.send?.(reply);
}

function close(): Promise<void> {
  ending ??= server?.close() ?? Promise.resolve();
  return ending;
}

async function leave(status = 0): Promise<void> {
  try {
    await close();
  } finally {
    process.exit(status);
  }
}
