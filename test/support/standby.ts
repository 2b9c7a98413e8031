import { execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningPostgres } from '../../sandbox/postgres/start-postgres.ts';

/**
 * Makes `standby`, a server of its own, a streaming copy of `primary`: both are stopped, the data copied, both started.
 * The standby calls itself `name`. Its logins are the primary's from then on.
 */
export async function makeStandby(standby: RunningPostgres, primary: RunningPostgres, name: string): Promise<void> {
  await standby.stop('fast');
  await primary.stop('fast');
  rmSync(standby.dataDirectory, { recursive: true });
  execFileSync('cp', ['-a', primary.dataDirectory, standby.dataDirectory]);
  await primary.restart();
  const { host, port, user, password } = primary.superuser;
  const source = `host=${host} port=${port} user=${user} password=${password} application_name=${name}`;
  // ALTER SYSTEM's own file: it outlives the configuration that each start writes anew.
  appendFileSync(join(standby.dataDirectory, 'postgresql.auto.conf'), `\nprimary_conninfo = '${source}'\n`);
  giveToServer(standby, 'standby.signal');
  await standby.restart();
}

function giveToServer({ dataDirectory }: RunningPostgres, name: string): void {
  const { uid, gid } = statSync(dataDirectory);
  writeFileSync(join(dataDirectory, name), '');
  chownSync(join(dataDirectory, name), uid, gid);
}
