import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AttachmentBuilder, EmbedBuilder, type TextChannel } from 'discord.js';
import { expect, test } from 'vitest';
import { saveAttachments } from '../../../sandbox/discord/save-attachments.ts';
import { snowflakeTime } from '../../../sandbox/discord/snowflake.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { startApi } from './api.ts';
import { type RealBot, startRealBot } from './real-bot.ts';

// A PNG's header is all that is read of it: 2 × 3 pixels.
const PNG = Buffer.from('89504e470d0a1a0a0000000d494844520000000200000003', 'hex');
const chart = (name = 'chart.png') => new AttachmentBuilder(PNG, { name, description: 'the last 30 minutes' });
const alerts = ({ client, sandbox }: RealBot) => client.channels.cache.get(sandbox.channels.alerts) as TextChannel;

test('a message with a PNG carries its size and is served from its address', async () => {
  await using bot = await startRealBot();
  const sent = await alerts(bot).send({ content: 'look', files: [chart()] });
  const attachment = sent.attachments.first();
  expect(attachment).toMatchObject({ name: 'chart.png', size: PNG.byteLength, width: 2, height: 3 });
  const served = await fetch(attachment?.url ?? '');
  expect(Buffer.from(await served.arrayBuffer())).toEqual(PNG);
  expect(served.headers.get('content-type')).toBe('image/png');
  expect(bot.sandbox.violations).toEqual([]);
});

test('an embed shows its attached picture, which is then no attachment of the message', async () => {
  await using bot = await startRealBot();
  const embed = new EmbedBuilder().setTitle('main').setImage('attachment://chart.png');
  const sent = await alerts(bot).send({ embeds: [embed], files: [chart()] });
  expect(sent.attachments.size).toBe(0);
  expect(sent.embeds[0]?.image).toMatchObject({ width: 2, height: 3 });
  expect((await fetch(sent.embeds[0]?.image?.url ?? '')).status).toBe(200);
});

test('an edit keeps, drops or replaces the files of a message', async () => {
  await using bot = await startRealBot();
  const sent = await alerts(bot).send({ content: 'v1', files: [chart('a.png'), chart('b.png')] });
  const names = (message: typeof sent) => message.attachments.map(({ name }) => name);

  const textOnly = await sent.edit({ content: 'v2' });
  expect([textOnly.content, ...names(textOnly)]).toEqual(['v2', 'a.png', 'b.png']);
  const kept = [...textOnly.attachments.values()].slice(1);
  const oneKept = await sent.edit({ attachments: kept, files: [chart('c.png')] });
  expect(names(oneKept)).toEqual(['b.png', 'c.png']);
  const none = await sent.edit({ attachments: [] });
  expect(names(none)).toEqual([]);
  expect(bot.sandbox.violations).toEqual([]);
});

test('an edit of an embed with a new picture under the same name shows the new one', async () => {
  await using bot = await startRealBot();
  const embed = new EmbedBuilder().setTitle('main').setImage('attachment://chart.png');
  const sent = await alerts(bot).send({ embeds: [embed], files: [chart()] });
  const before = sent.embeds[0]?.image?.url;
  const edited = await sent.edit({ embeds: [embed], files: [chart()], attachments: [] });
  expect(edited.embeds[0]?.image?.url).not.toBe(before);
  expect(bot.sandbox.stored(bot.sandbox.channels.alerts)[0]?.files).toHaveLength(1);
});

test('saved attachments are the files of the message, those in embeds too', async () => {
  await using bot = await startRealBot();
  const embed = new EmbedBuilder().setTitle('main').setImage('attachment://chart.png');
  await alerts(bot).send({ embeds: [embed], files: [chart(), chart('list.png')] });
  const directory = await mkdtemp(join(tmpdir(), 'sandbox-discord-'));
  const [stored] = bot.sandbox.stored(bot.sandbox.channels.alerts);
  const paths = stored === undefined ? [] : await saveAttachments(stored, directory);
  expect(paths.map((path) => path.replace(/^.*-/, ''))).toEqual(['chart.png', 'list.png']);
  expect(await readFile(paths[0] ?? '')).toEqual(PNG);
  await rm(directory, { recursive: true });
});

test('the same nonce within some minutes gives the earlier message, and a new one later', async () => {
  const clock = createManualClock();
  await using api = await startApi({ clock });
  const body = { content: 'once', nonce: 'alert-1', enforce_nonce: true };
  const first = await api.send(body);
  const again = await api.send(body);
  expect(again.json['id']).toBe(first.json['id']);
  await clock.advance(5 * 60_000);
  const later = await api.send(body);
  expect(later.json['id']).not.toBe(first.json['id']);
  expect(api.sandbox.messages(api.sandbox.channels.alerts)).toHaveLength(2);
});

test('ids tell the time of the injected clock and grow', async () => {
  const clock = createManualClock();
  await using api = await startApi({ clock });
  const ids = [await api.send({ content: 'a' }), await api.send({ content: 'b' })].map(({ json }) =>
    String(json['id']),
  );
  expect(snowflakeTime(ids[0] ?? '')).toBe(clock.now());
  expect(BigInt(ids[1] ?? 0) > BigInt(ids[0] ?? 0)).toBe(true);
});

test('messages are listed newest first, by limit, before, after and around', async () => {
  await using api = await startApi();
  const ids: string[] = [];
  for (const content of ['0', '1', '2', '3', '4']) ids.push(String((await api.send({ content })).json['id']));
  const list = async (query: string) => {
    const { json } = await api.call('GET', `/channels/${api.sandbox.channels.alerts}/messages?${query}`);
    return (json as unknown as { content: string }[]).map(({ content }) => content).join('');
  };
  expect(await list('limit=2')).toBe('43');
  expect(await list(`limit=2&before=${ids[2]}`)).toBe('10');
  expect(await list(`limit=2&after=${ids[2]}`)).toBe('43');
  expect(await list(`limit=3&around=${ids[2]}`)).toBe('321');
});

test('allowed mentions decide who is pinged', async () => {
  await using api = await startApi();
  const { onCall } = api.sandbox.roles;
  const content = `<@&${onCall}> @everyone`;
  const silent = await api.send({ content, allowed_mentions: { parse: [] } });
  const loud = await api.send({ content, allowed_mentions: { parse: [], roles: [onCall] } });
  expect(silent.json).toMatchObject({ mention_roles: [], mention_everyone: false });
  expect(loud.json).toMatchObject({ mention_roles: [onCall], mention_everyone: false });
});

test('pins go by the old route and the new, and need their own permission', async () => {
  await using api = await startApi();
  const { alerts: channel } = api.sandbox.channels;
  const id = String((await api.send({ content: 'summary' })).json['id']);
  const pinned = await api.call('PUT', `/channels/${channel}/messages/pins/${id}`);
  expect([pinned.status, pinned.headers.get('content-type')]).toEqual([204, null]);
  expect((await api.call('GET', `/channels/${channel}/messages/pins`)).json).toMatchObject({
    items: [{ message: { id, pinned: true } }],
  });
  expect((await api.call('DELETE', `/channels/${channel}/pins/${id}`)).status).toBe(204);
  api.sandbox.world.forbidBot(channel, ['PIN_MESSAGES']);
  expect((await api.call('PUT', `/channels/${channel}/pins/${id}`)).json).toMatchObject({ code: 50_013 });
});

test('a thread begun on a message takes messages, is archived and opened again', async () => {
  await using bot = await startRealBot();
  const sent = await alerts(bot).send('critical');
  const thread = await sent.startThread({ name: 'Incident 1' });
  expect(thread.id).toBe(sent.id);
  await thread.send('noted');
  await thread.setArchived(true);
  expect(bot.sandbox.world.channels.get(thread.id)?.thread).toMatchObject({ archived: true, messageCount: 1 });
  await thread.send('again');
  expect(bot.sandbox.world.channels.get(thread.id)?.thread?.archived).toBe(false);
  expect(bot.sandbox.violations).toEqual([]);
});
