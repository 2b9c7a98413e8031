import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { choosePort } from '../../sandbox/postgres/choose-port.ts';
import { chooseRunAs } from '../../sandbox/postgres/run-as.ts';
import type { RunningPostgres } from '../../sandbox/postgres/start-postgres.ts';

/** A real PgBouncer, where the system has one; null elsewhere: the tests that need it skip. */
export const PGBOUNCER: string | null =
  [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
    .map((directory) => join(directory, 'pgbouncer'))
    .find((file) => existsSync(file)) ?? null;

/**
 * In front of the server, session pooling unless `more` says otherwise; `users` name those who may log in, with their passwords, of
 * whom breakwater is the console's admin.
 */
export async function startPgbouncer(
  binary: string,
  server: RunningPostgres,
  users: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'pgbouncer-'));
  await chmod(directory, 0o755);
  const port = choosePort();
  const lines = Object.entries(users).map(([user, password]) => `"${user}" "${password}"`);
  await writeFile(join(directory, 'users.txt'), lines.join('\n'));
  const settings = [
    '[databases]',
    `* = host=${server.host} port=${server.port}`,
    '[pgbouncer]',
    `listen_addr = 127.0.0.1`,
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = plain',
    `auth_file = ${join(directory, 'users.txt')}`,
    'admin_users = breakwater',
    ...more,
  ];
  await writeFile(join(directory, 'pgbouncer.ini'), settings.join('\n'));
  const [command, ...rest] = chooseRunAs().prefix;
  const child = spawn(command, [...rest, binary, join(directory, 'pgbouncer.ini')], { stdio: 'ignore' });
  await untilListening(port);
  return {
    port,
    close: async () => {
      if (child.kill('SIGTERM')) await once(child, 'exit');
      await rm(directory, { recursive: true });
    },
  };
}

async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const connected = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
      once(socket, 'close').then(
        () => false,
        () => false,
      ),
    ]);
    socket.destroy();
    if (connected) return;
    await delay(20);
  }
  throw new Error('pgbouncer does not listen');
}
