import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { writeBotEnvironment } from '../../sandbox/stage/bot-environment.ts';
import { startPostgresProxy } from '../support/postgres-proxy.ts';
import { createKillWorld, GO, here, preview, refusalOf } from './kill-world.ts';
import { defer, endAfterEach, logged, ready, start } from './world.ts';

endAfterEach();

it('refuses where a pooler stands in between, at the preview and when it came since', async () => {
  const world = await createKillWorld();
  const proxy = await startPostgresProxy(world.postgres);
  defer(() => proxy.close());
  const at = { host: '127.0.0.1', port: proxy.port };
  const bot = start(
    await writeBotEnvironment(dirname(world.postgres.dataDirectory), world.discord, at, {
      sampling: { calm: '1s', fast: '100ms' },
    }),
  );
  await ready(bot);
  const rosa = world.discord.actAs('rosa');
  const shown = await preview(world, 5);
  const before = await world.sessions('site');

  proxy.inventKeys = true;
  await world.ask(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'breakwater'`);
  await logged(bot, 'not ready to act');
  const asked = async () => refusalOf(await rosa.command('db kill-stale', { kind: 'idle' }, here(world.discord)));
  await expect.poll(asked, { timeout: 15_000 }).toMatch(/No session of main can be ended: a pooler stands between/);
  const clicked = await refusalOf(await rosa.click(shown.id, GO));
  expect(clicked).toMatch(/Nothing was ended: a pooler stands between.*Point .*connection.* at PostgreSQL itself/i);
  expect(await world.sessions('site')).toEqual(before);
});
