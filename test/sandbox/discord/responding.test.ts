import { AttachmentBuilder, ComponentType, LabelBuilder, type TextChannel, TextInputStyle } from 'discord.js';
import { expect, test } from 'vitest';
import { startApi } from './api.ts';
import { type RealBot, registerCommands, startRealBot } from './real-bot.ts';

const alerts = ({ client, sandbox }: RealBot) => client.channels.cache.get(sandbox.channels.alerts) as TextChannel;

test('a form of labelled fields is read as a person sees it, and filled in', async () => {
  await using bot = await startRealBot();
  await registerCommands(bot);
  bot.answer(async (interaction) => {
    if (interaction.isChatInputCommand()) {
      const field = {
        type: ComponentType.TextInput,
        custom_id: 'name',
        style: TextInputStyle.Short,
        max_length: 5,
        placeholder: 'main',
      } as const;
      const label = new LabelBuilder({ type: ComponentType.Label, label: 'Its name', component: field });
      await interaction.showModal({ customId: 'x', title: 'Confirm', components: [label] });
    } else if (interaction.isModalSubmit()) await interaction.reply(interaction.fields.getTextInputValue('name'));
  });
  const remy = bot.sandbox.actAs('remy');
  const opened = await remy.command('db status');
  expect(opened.modal?.fields).toEqual([
    { customId: 'name', label: 'Its name', placeholder: 'main', required: true, value: '' },
  ]);
  expect(() => remy.submitModal(opened, {})).toThrow('Its name is required');
  expect(() => remy.submitModal(opened, { name: 'too long' })).toThrow('Its name is too short or too long');
  expect((await remy.submitModal(opened, { name: 'main' })).message()?.content).toBe('main');
  expect([bot.errors, bot.sandbox.violations]).toEqual([[], []]);
});

test('roles that change between two clicks come with the next one', async () => {
  await using bot = await startRealBot();
  bot.answer(async (interaction) => {
    if (interaction.isRepliable() && interaction.inCachedGuild()) {
      await interaction.reply(`${interaction.member.roles.cache.size} ${interaction.memberPermissions.bitfield}`);
    }
  });
  const remy = bot.sandbox.actAs('remy');
  const click = { type: 3, data: { custom_id: 'x', component_type: 2 } } as const;
  const [before] = ((await remy.raw(click)).message()?.content ?? '').split(' ');
  bot.sandbox.setRoles('remy', ['observe']);
  const after = (await remy.raw(click)).message()?.content ?? '';
  // @everyone counts as one.
  expect([before, after.split(' ')[0]]).toEqual(['3', '2']);
  expect(() => remy.command('db status')).toThrow('shows remy no command /db');
});

test('a thread is begun once, only where that is allowed, and never inside another', async () => {
  await using api = await startApi();
  const { alerts: channel } = api.sandbox.channels;
  const begin = async (parent: string, message: string) =>
    (await api.call('POST', `/channels/${parent}/messages/${message}/threads`, { name: 'Incident' })).json;
  const id = String((await api.send({ content: 'critical' })).json['id']);
  api.sandbox.world.forbidBot(channel, ['CREATE_PUBLIC_THREADS']);
  expect(await begin(channel, id)).toMatchObject({ code: 50_013 });
  api.sandbox.world.forbidBot(channel, []);
  expect(await begin(channel, id)).toMatchObject({ id, type: 11, parent_id: channel });
  expect(await begin(channel, id)).toMatchObject({ code: 160_004 });
  const inside = String((await api.call('POST', `/channels/${id}/messages`, { content: 'noted' })).json['id']);
  expect(await begin(id, inside)).toMatchObject({ code: 50_024 });
});

test('who may not speak in threads does not, though the channel is open', async () => {
  await using api = await startApi();
  const { alerts: channel } = api.sandbox.channels;
  const id = String((await api.send({ content: 'critical' })).json['id']);
  await api.call('POST', `/channels/${channel}/messages/${id}/threads`, { name: 'Incident' });
  api.sandbox.world.forbidBot(channel, ['SEND_MESSAGES_IN_THREADS']);
  const refused = await api.call('POST', `/channels/${id}/messages`, { content: 'noted' });
  expect(refused.json).toMatchObject({ code: 50_013 });
  expect((await api.send({ content: 'still here' })).status).toBe(200);
});

test('a button in a thread is pressed there, and commands are typed there', async () => {
  await using bot = await startRealBot();
  await registerCommands(bot);
  bot.answer(async (interaction) => {
    if (interaction.isRepliable()) await interaction.reply(`${interaction.channelId} ${interaction.channel?.type}`);
  });
  const thread = await (await alerts(bot).send('critical')).startThread({ name: 'Incident' });
  const row = { type: 1, components: [{ type: 2, style: 2, label: 'Close', custom_id: 'incident.close:ask' }] };
  const { id } = await thread.send({ content: 'calm', components: [row] });
  const rosa = bot.sandbox.actAs('rosa');
  expect((await rosa.click(id, 'Close')).message()).toMatchObject({
    channel_id: thread.id,
    content: `${thread.id} 11`,
  });
  const typed = await rosa.command('db status', {}, { channelId: thread.id });
  expect(typed.message()?.channel_id).toBe(thread.id);
});

test.each([
  ['sessions.csv', 'pid,application\n1,site\n'],
  ['postmortem.md', '# 20201211-1324\n\n## Leadup\n'],
])('%s is stored as it came, and read back from its address', async (name, text) => {
  await using bot = await startRealBot();
  const sent = await alerts(bot).send({ content: 'list', files: [new AttachmentBuilder(Buffer.from(text), { name })] });
  const [stored] = bot.sandbox.stored(bot.sandbox.channels.alerts);
  expect(stored?.files.map(({ data }) => Buffer.from(data).toString())).toEqual([text]);
  expect(stored?.message.attachments).toMatchObject([{ filename: name, size: text.length }]);
  const [attachment] = [...sent.attachments.values()];
  expect(await (await fetch(attachment?.url ?? '')).text()).toBe(text);
});
