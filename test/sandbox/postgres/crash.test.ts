import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { crash, writeMuch } from '../../../sandbox/postgres/crash.ts';
import { startPostgres } from '../../../sandbox/postgres/start-postgres.ts';
import { connectClient } from '../../support/postgres.ts';

it('lets a crashed server refuse clients for as long as it is told, and then come back', async () => {
  await using started = new AsyncDisposableStack();
  const server = await startPostgres();
  started.defer(() => server.close());
  await writeMuch(server);
  const client = await connectClient(server.superuser);
  const lost = new Promise((resolve) => client.once('end', resolve));
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');

  const over = new AbortController();
  const crashed = crash(server, { backend: rows[0]?.pid ?? 0, standsStillMs: 300 }).finally(() => over.abort());
  await lost;
  const refusals = new Set<unknown>();
  while (!over.signal.aborted) {
    await connectClient(server.superuser).then(
      (early) => early.end(),
      (error: { code?: string }) => refusals.add(error.code),
    );
    await sleep(10);
  }
  await crashed;
  expect(refusals).toContain('57P03');

  for (;;) {
    const back = await connectClient(server.superuser).catch(() => null);
    if (back !== null) return back.end();
    await sleep(10);
  }
});
