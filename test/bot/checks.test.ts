import { expect, test } from 'vitest';
import { textOf } from '../../sandbox/drill/read-message.ts';
import { runSql } from '../support/postgres.ts';
import { createWorld, endAfterEach, start, WAIT } from './world.ts';

endAfterEach();

test('a minute after its start the bot tells a fault in the audit channel', async () => {
  const { discord, postgres, env } = await createWorld();
  await runSql(postgres.superuser, 'create role site superuser login');
  start(env, { scale: 12, from: Date.now() });
  const { message } = await discord.waitForMessage((each) => textOf(each).includes('check found 1 new fault'), WAIT);
  expect(message.channel_id).toBe(discord.channels.audit);
  expect(textOf(message)).toContain('ALTER ROLE "site" NOSUPERUSER;');
  expect(discord.violations).toEqual([]);
});
