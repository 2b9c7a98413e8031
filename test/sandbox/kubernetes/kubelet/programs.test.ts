import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comesToHold } from '../../../../sandbox/drill/see-alerts.ts';
import type { KubeObject } from '../../../../sandbox/kubernetes/api/object.ts';
import type { ContainerSpec } from '../../../../sandbox/kubernetes/kubelet/program.ts';
import { createApplicationProgram } from '../../../../sandbox/kubernetes/kubelet/programs/application.ts';
import { backupProgram } from '../../../../sandbox/kubernetes/kubelet/programs/backup.ts';
import type { PodPlayer } from '../../../../sandbox/kubernetes/kubelet/programs/pod-player.ts';
import {
  createPostgresProgram,
  type TwoPostmasters,
} from '../../../../sandbox/kubernetes/kubelet/programs/postgres.ts';
import { type RunningPostgres, startPostgres } from '../../../../sandbox/postgres/start-postgres.ts';

const POD = { metadata: { name: 'site-1', uid: 'u1', namespace: 'default' }, spec: {} } as KubeObject;
const ADDRESS = '127.20.9.2';
let postgres: RunningPostgres;
beforeAll(async () => {
  postgres = await startPostgres({
    roles: [{ name: 'site', password: 'site' }],
    databases: [{ name: 'site', owner: 'site' }],
  });
});
afterAll(() => postgres.close());

async function ask(sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ ...postgres.superuser, ssl: false });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const sessions = async () =>
  (await ask(`select host(client_addr) as address from pg_stat_activity where usename = 'site'`)).length;

function siteContainer(): ContainerSpec {
  const env = {
    PGHOST: '127.0.0.1',
    PGPORT: String(postgres.port),
    PGUSER: 'site',
    PGPASSWORD: 'site',
    PGDATABASE: 'site',
    PGAPPNAME: 'site',
  };
  return {
    name: 'site',
    image: 'site:1',
    args: ['--sessions', '3', '--use-every-ms', '50'],
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
  };
}

describe('an application', () => {
  it('holds sessions from its own address, does what it is told, and logs out on SIGTERM', async () => {
    const printed: string[] = [];
    const players: PodPlayer[] = [];
    const program = createApplicationProgram((_, player) => players.push(player));
    const print = (line: string) => void printed.push(line);
    const running = await program.start({ pod: POD, container: siteContainer(), address: ADDRESS, volumes: [], print });
    await running.ready;
    const [player] = players;
    expect(player?.count()).toBe(3);
    expect(await ask(`select distinct host(client_addr) as a from pg_stat_activity where usename = 'site'`)).toEqual([
      { a: ADDRESS },
    ]);
    expect(await player?.open(2)).toEqual({ opened: 2, refused: 0 });
    await player?.holdTransaction(2);
    const held = await ask(`select 1 from pg_stat_activity where usename = 'site' and state = 'idle in transaction'`);
    expect(held).toHaveLength(2);
    expect(player?.lost()).toBe(0);
    await ask(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'site'`);
    expect(await comesToHold(() => player?.lost() === 5 && player.count() === 3)).toBe(true);
    running.signal('SIGTERM');
    expect(await running.exited).toEqual({ code: 0, signal: null });
    expect(printed).toEqual(['holds 3 sessions from 127.20.9.2', 'logs out']);
    expect(await comesToHold(async () => (await sessions()) === 0)).toBe(true);
  });

  it('keeps its sessions open while it is frozen, and loses them when it is killed', async () => {
    const program = createApplicationProgram();
    const running = await program.start({
      pod: POD,
      container: siteContainer(),
      address: ADDRESS,
      volumes: [],
      print: () => {},
    });
    await running.ready;
    running.freeze();
    running.signal('SIGTERM');
    expect(await sessions()).toBe(3);
    running.signal('SIGKILL');
    expect(await running.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await comesToHold(async () => (await sessions()) === 0)).toBe(true);
  });
});

describe('a backup', () => {
  it.each([
    { status: '0', code: 0, says: 'size_bytes=48213504' },
    { status: '3', code: 3, says: 'pg_dump: error: connection to server failed' },
  ])('exits with $code as it is told to, and says why', async ({ status, code, says }) => {
    const printed: string[] = [];
    const env = [
      { name: 'BACKUP_STATUS', value: status },
      { name: 'BACKUP_SECONDS', value: '0' },
    ];
    const container = { name: 'backup', image: 'backup:1', env };
    const print = (line: string) => void printed.push(line);
    const running = await backupProgram.start({ pod: POD, container, address: ADDRESS, volumes: [], print });
    expect(await running.exited).toEqual({ code, signal: null });
    await comesToHold(() => printed.includes(says));
    expect(printed).toContain(says);
  });
});

describe('the postgres image', () => {
  const container = { name: 'postgres', image: 'postgres:12' };
  const two: TwoPostmasters[] = [];
  const start = (printed: string[] = []) =>
    createPostgresProgram(
      (volume) => (volume === 'pv' ? postgres : null),
      (each) => two.push(each),
    ).start({ pod: POD, container, address: ADDRESS, volumes: ['pv'], print: (line) => void printed.push(line) });

  it('is the server on its volume, at its service and at its pod, and stops fast', async () => {
    await postgres.stop('fast');
    const printed: string[] = [];
    const running = await start(printed);
    await running.ready;
    expect(postgres.pid).toBe(running.pid);
    const atPod = new Client({ ...postgres.superuser, host: ADDRESS, ssl: false });
    atPod.on('error', () => {});
    await atPod.connect();
    running.signal('SIGINT');
    expect(await running.exited).toEqual({ code: 0, signal: null });
    expect(postgres.pid).toBeNull();
    expect(printed.join('\n')).toContain('received fast shutdown request');
    await atPod.end();
  });

  it('is told loudly where a second one is started beside a first, which stays the server', async () => {
    const first = await start();
    await first.ready;
    expect(two).toEqual([]);
    const printed: string[] = [];
    const second = await start(printed);
    expect(two).toEqual([{ volume: 'pv', pod: 'site-1', running: [first.pid] }]);
    expect((await second.exited).code).not.toBe(0);
    expect(printed[0]).toContain('ANOTHER POSTMASTER RUNS');
    expect(postgres.pid).toBe(first.pid);
    expect(await ask('select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('can be started again at once after it was killed, even while it stood still', async () => {
    // Its children may end between the look and the signal.
    for (const pid of postgres.pids) endIfThere(pid);
    await comesToHold(() => postgres.pids.length === 0);
    const killed = await start();
    await killed.ready;
    const busy = new Client({ ...postgres.superuser, ssl: false });
    busy.on('error', () => {});
    await busy.connect();
    killed.freeze();
    // Not through the kubelet: its backends stand still, and are killed with the container all the same.
    process.kill(killed.pid, 'SIGKILL');
    await killed.exited;
    const next = await start();
    await next.ready;
    expect(await ask('select 1 as n')).toEqual([{ n: 1 }]);
    await busy.end();
  });
});

function endIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
