import { describe, expect, it } from 'vitest';
import type { Message } from '../../sandbox/discord/world/state.ts';
import { footerOf, textOf, titleOf } from '../../sandbox/drill/read-message.ts';
import type { BotProcess } from '../../sandbox/stage/bot-process.ts';
import { fill } from '../support/fill.ts';
import { createWorld, endAfterEach, HOSTILE, logged, playerOf, ready, start, WAIT, type World } from './world.ts';

endAfterEach();

const TOTAL = 'connections-total · main · total';
const isTotal = (message: Message): boolean => footerOf(message) === TOTAL;

/** With the bot's own two sessions they take the last usable slot. */
async function fire(world: World): Promise<{ readonly message: Message; readonly free: () => Promise<void> }> {
  const player = playerOf(world.postgres, HOSTILE, 'hostile');
  await fill(player, 16);
  const { message } = await world.discord.waitForMessage(isTotal, WAIT);
  return { message, free: () => player.terminateAll() };
}

async function killAndRestart(world: World, bot: BotProcess): Promise<BotProcess> {
  bot.kill('SIGKILL');
  await bot.exited;
  const again = start(world.env);
  await ready(again);
  return again;
}

const allTotals = ({ discord }: World) => discord.messages(discord.channels.alerts).filter(isTotal);
const pings = ({ discord }: World) =>
  discord.requests.items.filter(({ method, json }) => {
    const body = JSON.stringify(json) ?? '';
    return method === 'POST' && body.includes('"roles":["') && body.includes(TOTAL);
  });

describe('the alerts of the bot as a process', () => {
  it('are owned with a click by those who may, and refused to others', async () => {
    const world = await createWorld();
    await ready(start(world.env));
    const { message } = await fire(world);
    const refused = await world.discord.actAs('olive').click(message.id, 'Acknowledge');
    expect([refused.ephemeral, textOf(await refused.final(WAIT))]).toEqual([
      true,
      expect.stringContaining('`respond`'),
    ]);
    await world.discord.actAs('rosa').click(message.id, 'Acknowledge');
    const { message: owned } = await world.discord.waitForMessage(
      (each) => isTotal(each) && titleOf(each).includes('acknowledged'),
      WAIT,
    );
    expect(textOf(owned)).toContain(`acknowledged by <@${world.discord.members.rosa}>`);
    await world.discord.actAs('rosa').click(owned.id, 'Hand back');
    await world.discord.waitForMessage((each) => isTotal(each) && titleOf(each).includes('firing'), WAIT);
    expect(world.discord.violations).toEqual([]);
  });

  it('are silenced and heard again with a click, listed with who did it', async () => {
    const world = await createWorld();
    await ready(start(world.env));
    const { message } = await fire(world);
    const says = (word: string) =>
      world.discord.waitForMessage((each) => isTotal(each) && titleOf(each).includes(word), WAIT);
    await world.discord.actAs('rosa').click(message.id, 'Silence 1 h');
    await says('silenced');
    const { alerts: channelId } = world.discord.channels;
    const list = await world.discord.actAs('olive').command('alert list', {}, { channelId });
    expect(textOf(await list.final(WAIT))).toMatch(
      new RegExp(`🔕 silenced[\\s\\S]*quiet until[\\s\\S]*<@${world.discord.members.rosa}>`),
    );
    await world.discord.actAs('rosa').click(message.id, 'Unsilence');
    await says('firing');
    expect(world.discord.violations).toEqual([]);
  });

  it('are neither posted nor pinged again by a restart, and keep their owner', async () => {
    const world = await createWorld();
    const bot = start(world.env);
    await ready(bot);
    const { message, free } = await fire(world);
    await world.discord.actAs('rosa').command('alert ack', { alert: TOTAL });
    await world.discord.waitForMessage((each) => isTotal(each) && titleOf(each).includes('acknowledged'), WAIT);
    await killAndRestart(world, bot);
    await free();
    const { message: over } = await world.discord.waitForMessage(
      (each) => isTotal(each) && titleOf(each).includes('resolved'),
      WAIT,
    );
    expect(over.id).toBe(message.id);
    expect(textOf(over)).toContain(`acknowledged by <@${world.discord.members.rosa}>`);
    expect(allTotals(world)).toHaveLength(1);
    expect(pings(world)).toHaveLength(1);
  });

  it('that were over while the bot was away are turned green when it is back', async () => {
    const world = await createWorld();
    const bot = start(world.env);
    await ready(bot);
    const { message, free } = await fire(world);
    bot.kill('SIGKILL');
    await bot.exited;
    await free();
    const again = start(world.env);
    await logged(again, 'session held');
    const { message: over } = await world.discord.waitForMessage(
      (each) => isTotal(each) && titleOf(each).includes('resolved'),
      WAIT,
    );
    expect(over.id).toBe(message.id);
    expect(allTotals(world)).toHaveLength(1);
  });

  it('stop an older bot that shares the journal: two must not tell the same', async () => {
    const world = await createWorld();
    const older = start(world.env);
    await ready(older);
    await ready(start(world.env));
    await fire(world);
    expect(await older.exited).toBe(1);
    expect(older.log.items.map(({ level, msg }) => `${level}: ${msg}`)).toContainEqual(
      expect.stringMatching(/^fatal: .*another Breakwater/),
    );
  });
});
