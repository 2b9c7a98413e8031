import { ActionRowBuilder, ButtonBuilder, ButtonStyle, ComponentType, MessageFlags, TextInputStyle } from 'discord.js';
import { expect, test } from 'vitest';
import { registerCommands, startRealBot } from './real-bot.ts';

const button = (customId: string, label: string) =>
  new ActionRowBuilder<ButtonBuilder>().addComponents(
    new ButtonBuilder().setCustomId(customId).setLabel(label).setStyle(ButtonStyle.Danger),
  );

test('the real client logs in and knows the guild, its channels and its roles', async () => {
  await using bot = await startRealBot();
  const guild = bot.client.guilds.cache.get(bot.sandbox.guildId);
  expect(guild?.available).toBe(true);
  expect(guild?.channels.cache.map(({ name }) => name)).toEqual(['alerts', 'audit', 'general']);
  expect(guild?.roles.cache.get(bot.sandbox.roles.onCall)?.name).toBe('on-call');
  expect(bot.sandbox.connectedBots).toBe(1);
});

test('commands are registered in the guild and nothing globally', async () => {
  await using bot = await startRealBot();
  await registerCommands(bot);
  const inGuild = await bot.client.application.commands.fetch({ guildId: bot.sandbox.guildId });
  const global = await bot.client.application.commands.fetch();
  expect(inGuild.map(({ name, defaultMemberPermissions }) => [name, defaultMemberPermissions?.bitfield])).toEqual([
    ['db', 8192n],
  ]);
  expect(global.size).toBe(0);
  expect(bot.sandbox.violations).toEqual([]);
});

test('a slash command is answered with its options and the roles of the member', async () => {
  await using bot = await startRealBot();
  await registerCommands(bot);
  bot.answer(async (interaction) => {
    if (!interaction.isChatInputCommand() || !interaction.inCachedGuild()) return;
    const roles = [...interaction.member.roles.cache.keys()].length;
    const words = [interaction.options.getSubcommand(), interaction.options.getString('database'), roles];
    const response = await interaction.reply({ content: words.join(' '), withResponse: true });
    expect(response.resource?.message?.content).toBe('status main 2');
  });
  const outcome = await bot.sandbox.actAs('olive').command('db status', { database: 'main' });
  expect(outcome).toMatchObject({ kind: 'message', ephemeral: false, failure: null });
  expect(outcome.message()?.content).toBe('status main 2');
  expect(bot.sandbox.messages(bot.sandbox.channels.alerts)).toHaveLength(1);
  expect(bot.errors).toEqual([]);
});

test('an ephemeral refusal is seen by the member who asked and by nobody else', async () => {
  await using bot = await startRealBot();
  await registerCommands(bot);
  bot.answer(async (interaction) => {
    if (interaction.isRepliable()) await interaction.reply({ content: 'no', flags: MessageFlags.Ephemeral });
  });
  const { alerts } = bot.sandbox.channels;
  const outcome = await bot.sandbox.actAs('olive').command('db status');
  expect(outcome.ephemeral).toBe(true);
  expect(bot.sandbox.actAs('olive').messages(alerts)).toHaveLength(1);
  expect(bot.sandbox.actAs('remy').messages(alerts)).toHaveLength(0);
  expect(bot.sandbox.messages(alerts)).toHaveLength(0);
});

test('after a deferral the answer is awaited, and follow-ups come after it', async () => {
  await using bot = await startRealBot();
  await registerCommands(bot);
  bot.answer(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.deferReply();
    await interaction.editReply('here it is');
    await interaction.followUp({ content: 'and more', flags: MessageFlags.Ephemeral });
  });
  const outcome = await bot.sandbox.actAs('rosa').command('db status');
  expect(outcome.kind).toBe('deferred');
  expect((await outcome.final()).content).toBe('here it is');
  await bot.sandbox.events.waitFor((event) => event.type === 'message-created' && event.message.content === 'and more');
  expect(outcome.followUps().map(({ content }) => content)).toEqual(['and more']);
  expect(bot.sandbox.messages(bot.sandbox.channels.alerts).map(({ content }) => content)).toEqual(['here it is']);
});

test('a button is clicked by its label and updates its message', async () => {
  await using bot = await startRealBot();
  await registerCommands(bot);
  bot.answer(async (interaction) => {
    if (interaction.isChatInputCommand()) {
      await interaction.reply({ content: 'sure?', components: [button('db.kill-stale:1', 'Terminate 45 sessions')] });
    } else if (interaction.isButton()) {
      await interaction.update({ content: `done by ${interaction.user.username}`, components: [] });
    }
  });
  const asked = await bot.sandbox.actAs('rosa').command('db kill-stale', { kind: 'orphaned' });
  const id = asked.message()?.id ?? '';
  const clicked = await bot.sandbox.actAs('remy').click(id, /^Terminate \d+/);
  expect(clicked.kind).toBe('update');
  expect(clicked.message()).toMatchObject({ id, content: 'done by remy', components: [] });
  expect(() => bot.sandbox.actAs('remy').click(id, 'Terminate 45 sessions')).toThrow('no button');
});

test('a modal is opened, filled in and submitted', async () => {
  await using bot = await startRealBot();
  await registerCommands(bot);
  bot.answer(async (interaction) => {
    if (interaction.isChatInputCommand()) {
      await interaction.showModal({
        customId: 'db.recover:reason',
        title: 'Break glass',
        components: [
          {
            type: ComponentType.ActionRow,
            components: [
              {
                type: ComponentType.TextInput,
                customId: 'reason',
                label: 'Why',
                style: TextInputStyle.Short,
                required: true,
              },
            ],
          },
        ],
      });
    } else if (interaction.isModalSubmit()) {
      await interaction.reply(interaction.fields.getTextInputValue('reason'));
    }
  });
  const remy = bot.sandbox.actAs('remy');
  const opened = await remy.command('db status');
  expect(opened.modal?.title).toBe('Break glass');
  expect(() => remy.submitModal(opened, {})).toThrow('Why is required');
  const submitted = await remy.submitModal(opened, { reason: 'nobody is here' });
  expect(submitted.message()?.content).toBe('nobody is here');
});

test('autocompletion gives choices for the focused option', async () => {
  await using bot = await startRealBot();
  await registerCommands(bot);
  bot.answer(async (interaction) => {
    if (!interaction.isAutocomplete()) return;
    const { name, value } = interaction.options.getFocused(true);
    await interaction.respond([{ name: `${name} ${value}`, value: 'main' }]);
  });
  const outcome = await bot.sandbox.actAs('olive').autocomplete('db status', { database: 'ma' }, 'database');
  expect(outcome).toMatchObject({ kind: 'autocomplete', choices: [{ name: 'database ma', value: 'main' }] });
});

test('a member without a role is not shown the commands, and can be forced on', async () => {
  await using bot = await startRealBot();
  await registerCommands(bot);
  bot.answer(async (interaction) => interaction.isRepliable() && interaction.reply('hidden, yet here'));
  const vic = bot.sandbox.actAs('vic');
  expect(vic.commands()).toEqual([]);
  expect(() => vic.command('db status')).toThrow('shows vic no command /db');
  expect((await vic.command('db status', {}, { hidden: true })).message()?.content).toBe('hidden, yet here');
});

test('options are checked as the client of Discord checks them', async () => {
  await using bot = await startRealBot();
  await registerCommands(bot);
  const rosa = bot.sandbox.actAs('rosa');
  expect(() => rosa.command('db kill-stale')).toThrow('kind is required');
  expect(() => rosa.command('db kill-stale', { kind: 'all' })).toThrow('is one of orphaned, idle');
  expect(() => rosa.command('db kill-stale', { kind: 'idle', limit: '1000' })).toThrow('lies between 1 and 100');
  expect(() => rosa.command('db kill-stale', { kind: 'idle', speed: 1 })).toThrow('no option speed');
  expect(() => rosa.command('db')).toThrow('choose one of status, kill-stale');
});

test('forged clicks, direct messages and foreign guilds reach the bot as such', async () => {
  await using bot = await startRealBot();
  bot.answer(async (interaction) => {
    if (interaction.isRepliable())
      await interaction.reply(`guild ${interaction.guildId} context ${interaction.context}`);
  });
  const vic = bot.sandbox.actAs('vic');
  const forged = { type: 3, data: { custom_id: 'db.kill-stale:forged', component_type: 2 } } as const;
  const inDm = { type: 2, data: { id: '1', name: 'db', type: 1 } } as const;
  expect((await vic.raw(forged)).message()?.content).toBe(`guild ${bot.sandbox.guildId} context 0`);
  expect((await vic.raw(inDm, { dm: true })).message()?.content).toBe('guild null context 1');
  expect((await vic.raw(inDm, { guildId: '111111111111111111' })).message()?.content).toContain('111111111111111111');
});
