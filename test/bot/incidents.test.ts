import { expect, it } from 'vitest';
import type { Message } from '../../sandbox/discord/world/state.ts';
import { footerOf, textOf } from '../../sandbox/drill/read-message.ts';
import { fill } from '../support/fill.ts';
import { createWorld, endAfterEach, HOSTILE, playerOf, ready, start, WAIT } from './world.ts';

endAfterEach();

const isTotal = (message: Message): boolean => footerOf(message) === 'connections-total · main · total';

it('an incident opens with a critical alert, outlives a kill, takes notes and is closed', async () => {
  const world = await createWorld();
  const { discord } = world;
  const ask = async (who: 'rosa' | 'olive', command: string, options: Record<string, string> = {}) => {
    const asked = await discord.actAs(who).command(command, options, { channelId: discord.channels.alerts });
    return textOf(await asked.final(WAIT));
  };
  const bot = start(world.env);
  await ready(bot);
  const player = playerOf(world.postgres, HOSTILE, 'hostile');
  await fill(player, 16);
  const { message } = await discord.waitForMessage(isTotal, WAIT);
  await discord.actAs('rosa').click(message.id, 'Acknowledge');
  const [id = 'none'] = /\d{8}-\d{4}/.exec(await ask('olive', 'incident list')) ?? [];
  expect(id).not.toBe('none');

  bot.kill('SIGKILL');
  await bot.exited;
  await ready(start(world.env));
  expect(await ask('olive', 'incident list')).toContain(id);
  expect(await ask('olive', 'incident note', { text: 'looking' })).toContain('`respond`');
  expect(await ask('rosa', 'incident note', { text: '@everyone looking' })).toContain('looking');
  expect(await ask('rosa', 'incident close', { severity: 'sev2', impact: 'voice gate' })).toContain('Incident closed');
  expect(await ask('rosa', 'incident note', { incident: id, text: 'late' })).toContain('Reopen it first');
  expect(await ask('olive', 'incident status')).toContain('No incident is open');
  await player.terminateAll();
  expect(discord.violations).toEqual([]);
});
