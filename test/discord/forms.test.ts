import { expect, test } from 'vitest';
import type { Command, ShownAt } from '../../src/discord/command.ts';
import { UserFacingError } from '../../src/model/user-facing-error.ts';
import { createMovableClock } from '../support/movable-clock.ts';
import { startAnswering } from './start-answering.ts';

const LIVES_MS = 2 * 60_000;

/** Like `/db kill-stale` with a typed confirmation, and `/incident note` with its form; as much of them as a test needs. */
function createCommands(now: () => number = Date.now) {
  const told = Promise.withResolvers<ShownAt>();
  const used = new Set<string>();
  const preview = {
    description: 'Ends sessions',
    access: 'respond',
    answer: 'public-in-alert-channel',
    options: [{ name: 'kind', description: 'Which', choices: ['idle', 'orphaned'] }],
    run: async () => ({
      message: {
        content: 'These 45?',
        buttons: [
          { id: 'db.preview:cancel', label: 'Cancel', style: 'quiet' },
          { id: 'db.preview:ask:1', label: 'Terminate 45 sessions', style: 'danger' },
        ],
      },
      shown: told.resolve,
      later: { at: now() + LIVES_MS, becomes: () => ({ content: 'expired' }) },
    }),
    buttons: {
      cancel: { access: 'respond', answer: 'edit', run: async () => ({ content: 'cancelled' }) },
      ask: {
        access: 'recover',
        answer: 'form',
        ask: ({ args }) => ({
          id: `db.preview:go:${args[0]}`,
          title: 'Terminate 45 sessions on main',
          fields: [{ id: 'name', label: 'The name of the database', lines: 'one', required: true, maxLength: 63 }],
        }),
      },
    },
    forms: {
      go: {
        access: 'recover',
        answer: 'edit',
        async run({ args: [id = ''], fields, progress }) {
          if (fields['name'] !== 'main') throw new UserFacingError('That is not its name.');
          if (used.has(id)) throw new UserFacingError('It was carried out already.');
          used.add(id);
          for (let done = 1; done <= 9; done += 1) await progress({ content: `terminated ${done}` });
          return { content: 'terminated 45' };
        },
      },
    },
  } satisfies Command;
  const note = {
    description: 'Adds a note',
    access: 'respond',
    answer: 'public-in-alert-channel',
    ask: () => ({
      id: 'db.note:add',
      title: 'Note',
      fields: [{ id: 'text', label: 'What happened', lines: 'many', required: true, maxLength: 500 }],
    }),
    run: () => Promise.reject(new Error('it always asks first')),
    forms: {
      add: { access: 'respond', answer: 'edit', run: async ({ fields }) => ({ content: `${fields['text']}` }) },
    },
  } satisfies Command;
  return { place: told.promise, commands: { 'db preview': preview, 'db note': note } };
}

test('a command asks in a form, and what is typed in it is answered where everybody sees it', async () => {
  await using bot = await startAnswering({ commands: createCommands().commands });
  const rosa = bot.sandbox.actAs('rosa');
  const opened = await rosa.command('db note');
  expect(opened.modal).toMatchObject({ title: 'Note', fields: [{ customId: 'text', label: 'What happened' }] });
  const submitted = await rosa.submitModal(opened, { text: 'site restarted' });
  expect(submitted).toMatchObject({ kind: 'deferred', ephemeral: false });
  expect((await submitted.final()).content).toBe('site restarted');
  expect(bot.sandbox.violations).toEqual([]);
});

test('a form that a button opened edits its message, through progress, the answer last', async () => {
  const { commands, place } = createCommands();
  await using bot = await startAnswering({ commands });
  const remy = bot.sandbox.actAs('remy');
  const { id, channel_id: channelId } = await (await remy.command('db preview')).final();
  expect(await place).toEqual({ channelId, messageId: id, visibility: 'public' });
  const opened = await remy.click(id, 'Terminate 45 sessions');
  const submitted = await remy.submitModal(opened, { name: 'main' });
  expect(submitted.kind).toBe('deferred-update');
  await bot.sandbox.waitForMessage(({ content }) => content === 'terminated 45');
  const contents = bot.sandbox.events.items.flatMap((event) =>
    event.type === 'message-edited' ? [event.message.content] : [],
  );
  expect(contents).toEqual(['These 45?', 'terminated 1', 'terminated 45']);
  expect(bot.sandbox.messages(channelId).map((message) => [message.id, message.components])).toEqual([[id, []]]);
  expect(bot.sandbox.violations).toEqual([]);
});

test('where an ephemeral answer stands is told as such', async () => {
  const { commands, place } = createCommands();
  await using bot = await startAnswering({ commands });
  const { general } = bot.sandbox.channels;
  await (await bot.sandbox.actAs('rosa').command('db preview', {}, { channelId: general })).final();
  expect(await place).toMatchObject({ channelId: general, visibility: 'ephemeral' });
});

test('a level lost between the preview and the click is refused there, and so is one lost before the form is sent', async () => {
  await using bot = await startAnswering({ commands: createCommands().commands });
  const remy = bot.sandbox.actAs('remy');
  const { id } = await (await remy.command('db preview')).final();
  const opened = await remy.click(id, 'Terminate 45 sessions');
  bot.sandbox.setRoles('remy', ['respond']);
  const submitted = await remy.submitModal(opened, { name: 'main' });
  expect(submitted).toMatchObject({ kind: 'message', ephemeral: true });
  expect(submitted.message()?.content).toContain('`recover`');
  const clicked = await remy.click(id, 'Terminate 45 sessions');
  expect(clicked).toMatchObject({ kind: 'message', ephemeral: true, modal: null });
  bot.sandbox.setRoles('remy', []);
  expect(await remy.click(id, 'Cancel')).toMatchObject({ kind: 'message', ephemeral: true });
  expect(bot.sandbox.messages(bot.sandbox.channels.alerts).map(({ content }) => content)).toEqual(['These 45?']);
});

test('a form sent twice, or wrongly, is refused to its sender, and the message stays', async () => {
  await using bot = await startAnswering({ commands: createCommands().commands });
  const remy = bot.sandbox.actAs('remy');
  const { id } = await (await remy.command('db preview')).final();
  const opened = await remy.click(id, 'Terminate 45 sessions');
  const wrong = await remy.submitModal(opened, { name: 'other' });
  await bot.sandbox.waitForMessage(({ content }) => content === 'These 45?');
  expect((await wrong.final()).content).toBe('That is not its name.');
  await (await remy.submitModal(opened, { name: 'main' })).final();
  await bot.sandbox.waitForMessage(({ content }) => content === 'terminated 45');
  const replayed = await remy.submitModal(opened, { name: 'main' });
  expect((await replayed.final()).content).toBe('It was carried out already.');
  expect(replayed.followUps()).toHaveLength(1);
  expect(bot.sandbox.messages(bot.sandbox.channels.alerts).map(({ content }) => content)).toEqual(['terminated 45']);
});

test.each(['db.preview:gone:1', 'db.preview:__proto__', 'rm:-rf', 'db.preview:go:%E0%A4%A'])(
  'a form of the forged id %s is refused to its sender in time',
  async (id) => {
    await using bot = await startAnswering({ commands: createCommands().commands });
    const data = {
      custom_id: id,
      components: [{ type: 18, component: { type: 4, custom_id: 'name', value: 'main' } }],
    };
    const outcome = await bot.sandbox.actAs('remy').raw({ type: 5, data });
    expect(outcome).toMatchObject({ kind: 'message', ephemeral: true });
  },
);

test('a form in an unknown form is read as an empty one', async () => {
  await using bot = await startAnswering({ commands: createCommands().commands });
  const data = { custom_id: 'db.preview:go:1', components: 'none' };
  const outcome = await bot.sandbox.actAs('remy').raw({ type: 5, data });
  expect((await outcome.final()).content).toBe('That is not its name.');
});

test('a preview that nobody answers loses its buttons at its time', async () => {
  const clock = createMovableClock();
  const { commands, place } = createCommands(() => clock.now());
  await using bot = await startAnswering({ clock, commands });
  const { id } = await (await bot.sandbox.actAs('rosa').command('db preview')).final();
  await place;
  clock.skip(LIVES_MS);
  const expired = await bot.sandbox.waitForMessage(({ content }) => content === 'expired');
  expect(expired.message).toMatchObject({ id, components: [] });
  expect(bot.sandbox.violations).toEqual([]);
});

test('a preview that somebody answered stays what it became', async () => {
  const clock = createMovableClock();
  const { commands, place } = createCommands(() => clock.now());
  await using bot = await startAnswering({ clock, commands });
  const rosa = bot.sandbox.actAs('rosa');
  const { id } = await (await rosa.command('db preview')).final();
  await place;
  await (await rosa.click(id, 'Cancel')).final();
  clock.skip(LIVES_MS);
  await rosa.command('db note');
  expect(bot.sandbox.messages(bot.sandbox.channels.alerts).map(({ content }) => content)).toEqual(['cancelled']);
});

test('an expiry that Discord does not take is logged', async () => {
  const clock = createMovableClock();
  const { commands, place } = createCommands(() => clock.now());
  await using bot = await startAnswering({ clock, commands });
  await (await bot.sandbox.actAs('rosa').command('db preview')).final();
  await place;
  await bot.sandbox.faults.set({ kind: 'fail-before', status: 500, route: '/messages/@original' });
  clock.skip(LIVES_MS);
  await bot.logged('a message could not be changed when its time had come');
});
