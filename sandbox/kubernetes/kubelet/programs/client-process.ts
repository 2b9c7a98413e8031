/**
 * What runs in an application's pod: a pool of real sessions from the pod's own address, each used every so often. It opens
 * again what it lost, logs out on SIGTERM, and does what a scenario tells it over the channel to the kubelet.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createPlayer, type Opened } from '../../../players/create-player.ts';
import type { ClientMessage, ClientRequest, ClientState } from './client-protocol.ts';

/** How soon a pool that lacks sessions tries again. */
const TRY_AGAIN_MS = 250;

const { values } = parseArgs({
  options: { sessions: { type: 'string', default: '1' }, 'use-every-ms': { type: 'string', default: '500' } },
});
const wanted = Number(values.sessions);
const useEveryMs = Number(values['use-every-ms']);
const leaving = new AbortController();
let leaking = new AbortController();
let [opened, closed] = [0, 0];
let ready = false;

const player = createPlayer({
  name: demand('HOSTNAME'),
  host: demand('PGHOST'),
  port: Number(demand('PGPORT')),
  user: demand('PGUSER'),
  password: demand('PGPASSWORD'),
  database: demand('PGDATABASE'),
  applicationName: demand('PGAPPNAME'),
  localAddress: demand('POD_IP'),
  onChange: () => tell({ state: state(), ready }),
});

process.on('message', (request: ClientRequest) => {
  obey(request).then(
    (result) => tell({ id: request.id, state: state(), result }),
    (error: unknown) => tell({ id: request.id, state: state(), error: String(error) }),
  );
});
process.once('SIGTERM', () => void leave());
process.once('disconnect', () => process.exit(0));
await keepPool();

async function keepPool(): Promise<void> {
  while (!leaving.signal.aborted) {
    // One after the other, so that each is used from the moment it is open.
    for (let lacking = wanted - player.count(); lacking > 0 && !leaving.signal.aborted; lacking -= 1) {
      const attempt = count(await player.open(1));
      if (attempt.opened === 0) break;
      player.runQueries(1, useEveryMs);
    }
    if (!ready) {
      ready = true;
      console.log(`holds ${player.count()} sessions from ${player.localAddress}`);
      tell({ state: state(), ready });
    }
    await sleep(TRY_AGAIN_MS);
  }
}

async function obey({ act, args }: ClientRequest): Promise<Opened | null> {
  const [n = 0, second] = args;
  if (act === 'open') return count(await player.open(n));
  if (act === 'leak') {
    leaking = new AbortController();
    return count(await player.leak(n, second ?? 1, leaking.signal));
  }
  if (act === 'stopLeaking') leaking.abort();
  else if (act === 'holdTransaction') await player.holdTransaction(n);
  else if (act === 'runQueries') player.runQueries(n, second);
  else if (act === 'idle') await player.idle();
  else await closing(() => (act === 'close' ? player.close(args[0]) : player.terminateAll()));
  return null;
}

function count(attempt: Opened): Opened {
  opened += attempt.opened;
  tell({ state: state(), ready });
  return attempt;
}

async function closing(act: () => Promise<void>): Promise<void> {
  const before = player.count();
  await act();
  closed += before - player.count();
}

function state(): ClientState {
  // Of those that are being opened the count already knows, and `opened` does not.
  return { count: player.count(), refused: player.refused(), lost: Math.max(0, opened - closed - player.count()) };
}

function tell(message: ClientMessage): void {
  if (process.connected) process.send?.(message);
}

async function leave(): Promise<void> {
  leaving.abort();
  console.log('logs out');
  await closing(() => player.close());
  process.exit(0);
}

function demand(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}
