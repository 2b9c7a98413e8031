import { expect, it } from 'vitest';
import type { CheckFacts } from '../../src/check/check.ts';
import { DISCORD_PERMISSIONS, type DiscordPermission } from '../../src/model/discord-facts.ts';
import {
  ALERTS,
  AUDIT,
  channel,
  discordFacts,
  EVERYTHING,
  facts,
  inDiscord,
  ON_CALL,
  problems,
  told,
} from './facts.ts';

const COPY = 'In Discord: Settings → Advanced → Developer Mode, then right-click the channel → Copy Channel ID:';
const withChannel = (id: string, given: ReturnType<typeof channel> | null): CheckFacts =>
  inDiscord({ channels: new Map([...discordFacts().channels, [id, given]]) });
const without = (...missing: DiscordPermission[]) =>
  new Set(DISCORD_PERMISSIONS.filter((permission) => !missing.includes(permission)));
const application = { id: '100000000000000009', name: 'Other' };

it.each<[string, CheckFacts, readonly (readonly [string, string | null])[]]>([
  [
    'another application',
    inDiscord({ application }),
    [
      [
        'fault discord-reach · application',
        'discord:\n  applicationId: "100000000000000009"\n# or the token of 100000000000000001 into DISCORD_TOKEN',
      ],
    ],
  ],
  [
    'an alert channel that is not there',
    withChannel(ALERTS, null),
    [['fault discord-channels · channels.alerts', `${COPY}\ndiscord:\n  channels: { alerts: "<channel id>" }`]],
  ],
  [
    'an audit channel of another guild',
    withChannel(AUDIT, channel('audit', { guildId: '1', granted: new Set() })),
    [['fault discord-channels · channels.audit', `${COPY}\ndiscord:\n  channels: { audit: "<channel id>" }`]],
  ],
  [
    'a voice channel',
    withChannel(AUDIT, channel('audit', { kind: 'other' })),
    [['fault discord-channels · channels.audit', `${COPY}\ndiscord:\n  channels: { audit: "<channel id>" }`]],
  ],
  [
    'a role that is gone',
    inDiscord({ roles: new Map([...discordFacts().roles].filter(([id]) => id !== '100000000000000006')) }),
    [
      [
        'fault discord-roles · roles.respond: 100000000000000006',
        'In Discord: Server Settings → Roles → … → Copy Role ID:\ndiscord:\n  roles: { respond: ["<role id>"] }',
      ],
    ],
  ],
  [
    'an on-call role that is gone',
    inDiscord({ roles: new Map([...discordFacts().roles].filter(([id]) => id !== ON_CALL)) }),
    [
      [
        `fault discord-roles · roles.onCall: ${ON_CALL}`,
        'In Discord: Server Settings → Roles → … → Copy Role ID:\ndiscord:\n  roles: { onCall: "<role id>" }',
      ],
    ],
  ],
  [
    'an on-call role that nobody may mention',
    withChannel(ALERTS, channel('alerts', { granted: without('Mention @everyone, @here and All Roles') })),
    [
      [
        'warning discord-on-call · @on-call',
        'In Discord: Server Settings → Roles → on-call → "Allow anyone to @mention this role"; or allow the bot Mention @everyone, @here and All Roles in #alerts.',
      ],
    ],
  ],
])('%s', (_, given, expected) => {
  expect(told(given)).toEqual(expected);
});

it('lets an on-call role that is mentionable be', () => {
  const roles = new Map([...discordFacts().roles, [ON_CALL, { name: 'on-call', mentionable: true }] as const]);
  const channels = new Map([
    ...discordFacts().channels,
    [ALERTS, channel('alerts', { granted: without('Mention @everyone, @here and All Roles') })] as const,
  ]);
  expect(told(inDiscord({ roles, channels }))).toEqual([]);
});

it('lets an announcement channel be', () => {
  expect(told(withChannel(ALERTS, channel('alerts', { kind: 'announcement' })))).toEqual([]);
});

it.each<[DiscordPermission, string]>([
  ['View Channel', 'fault'],
  ['Send Messages', 'fault'],
  ['Embed Links', 'fault'],
  ['Attach Files', 'fault'],
  ['Read Message History', 'fault'],
  ['Create Public Threads', 'warning'],
  ['Send Messages in Threads', 'warning'],
  ['Pin Messages', 'warning'],
])('tells that %s is missing in the alert channel (%s)', (permission, level) => {
  expect(told(withChannel(ALERTS, channel('alerts', { granted: without(permission) })))).toEqual([
    [
      `${level} discord-permissions · channels.alerts: ${permission}`,
      `In Discord: #alerts → Edit Channel → Permissions → the bot's role → allow ${permission}.`,
    ],
  ]);
});

it('asks for less in the audit channel, and for nothing twice where it is the alert channel', () => {
  const granted = new Set<DiscordPermission>(['View Channel', 'Send Messages']);
  expect(told(withChannel(AUDIT, channel('audit', { granted }))).map(([finding]) => finding)).toEqual([
    'fault discord-permissions · channels.audit: Embed Links',
  ]);
  const config = { ...EVERYTHING, discord: { ...EVERYTHING.discord, channels: { alerts: ALERTS, audit: ALERTS } } };
  expect(told({ ...withChannel(ALERTS, channel('alerts', { granted: without('Embed Links') })), config })).toHaveLength(
    1,
  );
});

it.each<[string, CheckFacts['discord'], string, string]>([
  [
    'a refused token',
    { kind: 'token-refused' },
    'the token is refused (401)',
    'Open https://discord.com/developers/applications/100000000000000001/bot, Reset Token, and put the new one into DISCORD_TOKEN.',
  ],
  [
    'no answer',
    { kind: 'unreachable', reason: 'no answer from Discord (ECONNREFUSED)' },
    'cannot be reached: no answer from Discord (ECONNREFUSED)',
    'Look at https://discordstatus.com, and whether this machine may reach it:\ncurl --head https://discord.com/api/v10/gateway',
  ],
  [
    'a guild without the bot',
    { kind: 'not-in-guild', application: discordFacts().application },
    'the bot is not in the guild 100000000000000002',
    'Invite it, as somebody who may manage that server:\nhttps://discord.com/oauth2/authorize?client_id=100000000000000001&guild_id=100000000000000002&scope=bot+applications.commands&permissions=2252109051579392\nOr correct discord.guildId.',
  ],
])('%s is one fault, and the rest of Discord unknown', (_, discord, what, mend) => {
  const [first, ...others] = problems(facts({ discord }));
  expect(first).toMatchObject({ level: 'fault', id: 'discord-reach', what, mend });
  expect(new Set(others.map(({ level }) => level))).toEqual(new Set(['unknown']));
  expect(others.map(({ id }) => id)).toEqual([
    'discord-channels',
    'discord-on-call',
    'discord-permissions',
    'discord-roles',
  ]);
});
