import { expect, test } from 'vitest';
import { startAnswering } from './start-answering.ts';

const HIDDEN = { hidden: true };

test('a command is deferred in public in the alert channel and completed with its chart', async () => {
  await using bot = await startAnswering();
  const outcome = await bot.sandbox.actAs('rosa').command('db status');
  expect(outcome).toMatchObject({ kind: 'deferred', ephemeral: false });
  const message = await outcome.final();
  expect(message.embeds).toMatchObject([
    { title: 'status of main', image: { url: expect.stringContaining('chart.png') } },
  ]);
  expect(bot.sandbox.violations).toEqual([]);
});

test('elsewhere the answer is for the asker only, and its button edits it there', async () => {
  await using bot = await startAnswering();
  const rosa = bot.sandbox.actAs('rosa');
  const outcome = await rosa.command('db status', {}, { channelId: bot.sandbox.channels.general });
  expect(outcome).toMatchObject({ kind: 'deferred', ephemeral: true });
  const { id } = await outcome.final();
  const click = await rosa.click(id, 'Refresh');
  expect(click.kind).toBe('deferred-update');
  const edited = await click.final();
  expect(edited).toMatchObject({ id, embeds: [{ title: 'refreshed', image: { url: expect.any(String) } }] });
  expect(bot.sandbox.violations).toEqual([]);
});

test.each([
  ['without a role', {}],
  ['from a direct message', { dm: true }],
  ['from another guild', { guildId: '111111111111111111' }],
])('a command %s is refused to the asker only', async (_, where) => {
  await using bot = await startAnswering();
  const outcome = await bot.sandbox.actAs('vic').command('db status', {}, { ...HIDDEN, ...where });
  expect(outcome).toMatchObject({ kind: 'message', ephemeral: true });
  expect(bot.sandbox.violations).toEqual([]);
});

test.each([
  ['what the asker got wrong', 'nowhere', 'No database is named nowhere.'],
  ['a fault of ours', 'broken', '`ref1`'],
])('%s takes the public “thinking…” away and is told to the asker only', async (_, database, text) => {
  await using bot = await startAnswering();
  const rosa = bot.sandbox.actAs('rosa');
  const outcome = await rosa.command('db status', { database });
  expect((await outcome.final()).content).toContain(text);
  expect(bot.sandbox.messages(bot.sandbox.channels.alerts).filter(({ author }) => author.bot)).toEqual([]);
  expect(rosa.messages(bot.sandbox.channels.alerts).map(({ content }) => content)).toHaveLength(1);
  expect(bot.sandbox.actAs('ada').messages(bot.sandbox.channels.alerts)).toEqual([]);
  expect(bot.sandbox.violations).toEqual([]);
});

test('an option is completed for those with a level, and with nothing for others', async () => {
  await using bot = await startAnswering();
  const completed = async (name: 'rosa' | 'vic') => {
    const data = {
      name: 'db',
      options: [{ type: 1, name: 'status', options: [{ type: 3, name: 'database', value: '', focused: true }] }],
    };
    const { kind, choices } = await bot.sandbox.actAs(name).raw({ type: 4, data });
    return { kind, values: choices.map(({ value }) => value) };
  };
  expect(await completed('rosa')).toEqual({ kind: 'autocomplete', values: ['main', 'other'] });
  expect(await completed('vic')).toEqual({ kind: 'autocomplete', values: [] });
  expect(bot.sandbox.violations).toEqual([]);
});

test.each([
  ['a forged button', { type: 3, data: { custom_id: 'db.status:__proto__:x', component_type: 2 } }],
  ['a button without an id', { type: 3, data: { component_type: 2 } }],
  ['a modal that was never opened', { type: 5, data: { custom_id: 'x', components: [] } }],
  ['a command in an unknown form', { type: 2, data: { options: 'none' } }],
] as const)('%s is refused to the asker only', async (_, raw) => {
  await using bot = await startAnswering();
  const outcome = await bot.sandbox.actAs('remy').raw(raw);
  expect(outcome).toMatchObject({ kind: 'message', ephemeral: true });
  expect(bot.sandbox.violations).toEqual([]);
});
