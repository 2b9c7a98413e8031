import { expect, test } from 'vitest';
import type { Fault } from '../../sandbox/discord/faults.ts';
import { readDiscordFacts } from '../../src/discord/read-discord-facts.ts';
import { createRest } from '../../src/discord/rest.ts';
import { DISCORD_PERMISSIONS, type DiscordFacts, type DiscordSight } from '../../src/model/discord-facts.ts';
import { startApi } from '../sandbox/discord/api.ts';

async function start() {
  const api = await startApi();
  const { sandbox } = api;
  const { alerts, audit } = sandbox.channels;
  return {
    sandbox,
    look: (
      parts: { readonly guildId?: string; readonly channelIds?: readonly string[]; readonly token?: string } = {},
    ) =>
      readDiscordFacts(
        createRest({ apiUrl: sandbox.apiUrl, token: parts.token ?? sandbox.token, timeoutMs: 500, longestWaitMs: 0 }),
        { guildId: sandbox.guildId, channelIds: [alerts, audit], ...parts },
      ),
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

function factsOf(sight: DiscordSight): DiscordFacts {
  if (sight.kind !== 'seen') throw new Error(JSON.stringify(sight));
  return sight.facts;
}

test('tells who the bot is, and what its guild has', async () => {
  await using discord = await start();
  const { sandbox } = discord;
  const facts = factsOf(await discord.look());
  expect(facts.application).toEqual({ id: sandbox.applicationId, name: 'breakwater' });
  expect(facts.guild).toEqual({ id: sandbox.guildId, name: 'Breakwater sandbox' });
  expect(facts.roles.get(sandbox.roles.onCall)).toEqual({ name: 'on-call', mentionable: false });
  expect(facts.channels.get(sandbox.channels.alerts)).toEqual({
    name: 'alerts',
    guildId: sandbox.guildId,
    kind: 'text',
    granted: new Set(DISCORD_PERMISSIONS),
  });
  expect(sandbox.violations).toEqual([]);
});

test('sees what the bot is forbidden in one channel, View Channel too', async () => {
  await using discord = await start();
  const { alerts, audit } = discord.sandbox.channels;
  discord.sandbox.world.forbidBot(audit, ['VIEW_CHANNEL', 'EMBED_LINKS']);
  const { channels } = factsOf(await discord.look());
  expect(channels.get(audit)?.granted).not.toContain('View Channel');
  expect(channels.get(audit)?.granted).not.toContain('Embed Links');
  expect(channels.get(audit)?.granted).toContain('Send Messages');
  expect(channels.get(alerts)?.granted).toContain('Embed Links');
});

test('sees what a role has lost', async () => {
  await using discord = await start();
  const { world, channels: ids } = discord.sandbox;
  for (const id of world.bot.roleIds) {
    const role = world.roles.get(id);
    if (role) role.permissions = 0n;
  }
  const { channels } = factsOf(await discord.look());
  expect([...(channels.get(ids.alerts)?.granted ?? [])]).toEqual([
    'View Channel',
    'Send Messages',
    'Read Message History',
    'Send Messages in Threads',
  ]);
});

test('has no channel of an id that nobody has', async () => {
  await using discord = await start();
  const { channels } = factsOf(await discord.look({ channelIds: ['1'] }));
  expect([...channels]).toEqual([['1', null]]);
});

test('knows a thread, and grants nothing there', async () => {
  await using discord = await start();
  const { world, channels: ids, guildId } = discord.sandbox;
  const alerts = world.channels.get(ids.alerts);
  if (!alerts) throw new Error('no channel');
  const state = {
    ownerId: '1',
    createdAt: '',
    archived: false,
    locked: false,
    autoArchiveMinutes: 60,
    archivedAt: '2020-12-11T13:24:00.000Z',
    messageCount: 0,
  };
  world.channels.set('77', { ...alerts, id: '77', type: 11, name: 'thread', parentId: ids.alerts, thread: state });
  const { channels } = factsOf(await discord.look({ channelIds: ['77'] }));
  expect(channels.get('77')).toEqual({ name: 'thread', guildId, kind: 'thread', granted: new Set() });
});

test('a token that is refused is told from a guild without the bot', async () => {
  await using discord = await start();
  expect(await discord.look({ token: 'another.token.of-no-value' })).toEqual({ kind: 'token-refused' });
  expect(await discord.look({ guildId: '1' })).toEqual({
    kind: 'not-in-guild',
    application: { id: discord.sandbox.applicationId, name: 'breakwater' },
  });
});

test.each<readonly [string, Fault]>([
  ['a 502', { kind: 'fail-before' }],
  ['a cut connection', { kind: 'drop', when: 'before' }],
  ['no answer', { kind: 'hang' }],
  ['a rate limit', { kind: 'rate-limit', retryAfterS: 7 }],
])('%s is no fault of the configuration', async (_, fault) => {
  await using discord = await start();
  const clear = await discord.sandbox.faults.set(fault);
  expect(await discord.look()).toEqual({ kind: 'unreachable', reason: expect.stringMatching(/Discord|rate limited/) });
  await clear();
});
