import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface IdleLogin {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

const SCRIPT = fileURLToPath(new URL('children/idle-sessions.ts', import.meta.url));

/** Opens so many idle sessions from another process; `gone` resolves when the last of them was ended, and it with them. */
export async function openIdleSessions(
  { host, port, user, password }: IdleLogin,
  count: number,
): Promise<{ readonly gone: Promise<unknown>; kill(): void }> {
  const args = [SCRIPT, host, String(port), user, password, String(count)];
  // The kernel ends it with us, however we end (facts.md, PostgreSQL 18).
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', process.execPath, ...args], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const first = await Promise.race([once(child.stdout, 'data').then(() => 'ready'), gone.then(() => 'gone')]);
  if (first === 'gone') throw new Error('the idle sessions could not be opened');
  return { gone, kill: () => child.kill('SIGKILL') };
}
