import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { RunningPostgres } from '../../postgres/start-postgres.ts';

const LOOK_EVERY_MS = 50;
const STARTS_WITHIN_MS = 60_000;

/** The server as whoever plays sees it while a kubelet runs it: what ends it is followed by a new start, of the kubelet's. */
export function asPod(server: RunningPostgres): RunningPostgres {
  return {
    host: server.host,
    port: server.port,
    superuser: server.superuser,
    dataDirectory: server.dataDirectory,
    version: server.version,
    get pid() {
      return server.pid;
    },
    get pids() {
      return server.pids;
    },
    stop: (mode) => server.stop(mode),
    kill: (signal) => server.kill(signal),
    async restart({ wait = true } = {}) {
      const before = server.pid;
      await server.stop('fast');
      if (wait) await comesBack(server, before);
    },
    freeze: () => server.freeze(),
    hang: () => server.hang(),
    thaw: () => server.thaw(),
    run: () => Promise.reject(new Error('the kubelet starts it: scale its Deployment')),
    close: () => server.close(),
  };
}

async function comesBack(server: RunningPostgres, before: number | null): Promise<void> {
  for (let waitedMs = 0; waitedMs < STARTS_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    if (server.pid !== null && server.pid !== before && (await accepts(server))) return;
    await delay(LOOK_EVERY_MS);
  }
  throw new Error('the pod of PostgreSQL did not come back');
}

async function accepts({ superuser }: RunningPostgres): Promise<boolean> {
  const client = new Client({ ...superuser, ssl: false });
  client.on('error', () => {}); // The attempt that fails says so.
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false; // It is still on its way up.
  }
}
