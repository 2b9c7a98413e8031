import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { crash, letRecover, writeMuch } from '../../../sandbox/postgres/crash.ts';
import { startPostgres } from '../../../sandbox/postgres/start-postgres.ts';
import { connectClient } from '../../support/postgres.ts';

it('lets a crashed server refuse clients for as long as it is told, and then come back', async () => {
  await using started = new AsyncDisposableStack();
  const server = await startPostgres();
  started.defer(() => server.close());
  await writeMuch(server);
  const client = await connectClient(server.superuser);
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  await crash(server, rows[0]?.pid ?? 0);
  for (let tries = 0; tries < 20; tries += 1) {
    await expect(connectClient(server.superuser)).rejects.toMatchObject({ code: '57P03' });
    await sleep(20);
  }

  letRecover(server);
  for (;;) {
    const back = await connectClient(server.superuser).catch(() => null);
    if (back !== null) return back.end();
    await sleep(10);
  }
});
