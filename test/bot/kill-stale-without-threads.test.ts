import { expect, it } from 'vitest';
import { textOf } from '../../sandbox/drill/read-message.ts';
import { becomes, createKillWorld, GO, here, openIncident, preview, timelineOf } from './kill-world.ts';
import { endAfterEach, ready, start, WAIT } from './world.ts';

endAfterEach();

it('an incident without a thread and a pin says so, goes on in the channel, and has a post-mortem', async () => {
  const world = await createKillWorld();
  const { discord } = world;
  const { alerts } = discord.channels;
  discord.world.forbidBot(alerts, ['CREATE_PUBLIC_THREADS', 'PIN_MESSAGES']);
  await ready(start(world.env));
  const incident = await openIncident(world);
  const says = (words: RegExp) =>
    discord.waitForMessage((each) => each.channel_id === alerts && words.test(textOf(each)), {
      ...WAIT,
      what: `a message that says ${words}`,
    });
  await says(/no thread/i);
  await says(/not pinned/i);
  const shown = await preview(world, 5);
  await discord.actAs('ada').click(shown.id, GO);
  await becomes(world, shown.id, /terminated 5/);
  await says(/carried out kill\\?-stale on main: terminated 5/);

  const close = { severity: 'sev2', impact: 'voice gate' };
  const closed = await discord.actAs('rosa').command('incident close', close, here(discord));
  expect(textOf(await closed.final(WAIT))).toContain('Incident closed');
  const timeline = await timelineOf(world, incident);
  expect(timeline).toMatch(/no thread: /);
  expect(timeline).toMatch(/\| Ada \| carried out kill-stale on main: terminated 5/);
  expect(discord.messages(alerts).some(({ pinned }) => pinned)).toBe(false);
  expect(discord.violations).toEqual([]);
});
