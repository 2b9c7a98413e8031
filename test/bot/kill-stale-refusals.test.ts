import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { Message } from '../../sandbox/discord/world/state.ts';
import { textOf } from '../../sandbox/drill/read-message.ts';
import type { Confirmation } from '../../src/confirmations/confirmation.ts';
import { fill } from '../support/fill.ts';
import {
  becomes,
  createKillWorld,
  forge,
  GO,
  goId,
  here,
  type KillWorld,
  leaveInJournal,
  openIncident,
  planOf,
  preview,
  refusalOf,
  timelineOf,
} from './kill-world.ts';
import { endAfterAll, ready, start, WAIT } from './world.ts';

endAfterAll();

let world: KillWorld;
let other: Confirmation;
let shown: Message;

beforeAll(async () => {
  world = await createKillWorld();
  // A red button of another kind, over the same sessions.
  other = await leaveInJournal(world, { act: 'restart', plan: await planOf(world, "usename = 'site'") });
  await ready(start(world.env));
  await openIncident(world);
});

beforeEach(async () => {
  world.discord.setRoles('rosa', ['respond']);
  await fill(world.site, 5);
  shown = await preview(world, 5);
});

/** Does it, and expects that nobody was ended by it. */
async function sparing(refuse: () => Promise<string>): Promise<string> {
  const before = await world.sessions('site');
  const words = await refuse();
  expect(await world.sessions('site')).toEqual(before);
  return words;
}

it('asks for the level, at the command and at the button', async () => {
  const { discord } = world;
  const options = { kind: 'idle' };
  const words = await sparing(async () => {
    const asked = await discord.actAs('vic').command('db kill-stale', options, { ...here(discord), hidden: true });
    const clicked = await discord.actAs('olive').click(shown.id, GO);
    return `${await refusalOf(asked)} ${await refusalOf(clicked)}`;
  });
  expect(words).toMatch(/needs the level `respond`; you have none.*needs the level `respond`; you have `observe`/s);
});

it('asks for the level of the click, not of the preview', async () => {
  const words = await sparing(async () => {
    world.discord.setRoles('rosa', ['observe']);
    return refusalOf(await world.discord.actAs('rosa').click(shown.id, GO));
  });
  expect(words).toContain('needs the level `respond`; you have `observe`');
});

it.each([
  [
    'an id that nobody gave out',
    (go: string) => go.replace(/:[0-9a-f]{10}:/, ':0123456789:'),
    /knows of no such preview/,
  ],
  ['a hash that was not shown', (go: string) => go.replace(/[0-9a-f]{16}$/, 'f'.repeat(16)), /not what was shown/],
  ['no hash', (go: string) => go.replace(/:[0-9a-f]{16}$/, ''), /not what was shown/],
  ["another act's id and hash", () => `db.kill-stale:go:${other.id}:${other.hash}`, /knows of no such preview/],
  ['an action that objects inherit', (go: string) => go.replace(':go:', ':constructor:'), /not known any more/],
])('refuses %s', async (_, change, reason) => {
  const words = await sparing(async () => refusalOf(await forge(world, change(goId(shown)))));
  expect(words).toMatch(reason);
});

it.each([
  ['another guild', { guildId: '100000000000000999' }],
  ['a direct message', { dm: true }],
])('refuses a click from %s', async (_, where) => {
  const words = await sparing(async () => refusalOf(await forge(world, goId(shown), 'rosa', where)));
  expect(words).toContain('in its own server only');
});

it('carries out what was confirmed once, whoever clicks again', async () => {
  const go = goId(shown);
  await world.discord.actAs('rosa').click(shown.id, GO);
  await becomes(world, shown.id, /terminated 5 · spared 0 · failed 0/);
  await fill(world.site, 3);
  const words = await sparing(async () => {
    const again = await forge(world, go, 'rosa', { messageId: shown.id });
    const byAnother = await forge(world, go, 'ada', { messageId: shown.id });
    return `${await refusalOf(again)} ${await refusalOf(byAnother)}`;
  });
  expect(words.match(new RegExp(`Carried out at [^<]* It was <@${world.discord.members.rosa}>`, 'g'))).toHaveLength(2);
  expect(await timelineOf(world)).toMatch(/was refused kill-stale on main: Carried out at/);
});

it('gives two clicks at once to one of them', async () => {
  const before = await timelineOf(world);
  const clicks = await Promise.all(
    (['rosa', 'ada'] as const).map((who) => forge(world, goId(shown), who, { messageId: shown.id })),
  );
  await becomes(world, shown.id, /terminated 5 · spared 0 · failed 0/);
  const refused = () => clicks.flatMap((click) => click.followUps().map(textOf));
  await expect.poll(refused, { timeout: WAIT.timeoutMs }).toHaveLength(1);
  expect(refused().join()).toMatch(/^(Already being carried out since|Carried out at) .* It was <@\d+>/);
  const after = await timelineOf(world);
  const added = (words: string) => after.split(words).length - before.split(words).length;
  expect(['confirmed', 'carried out', 'was refused'].map((did) => added(`| ${did} kill-stale on main`))).toEqual([
    1, 1, 1,
  ]);
});

it('says which grant is missing, at the preview and at the click', async () => {
  await world.ask('revoke pg_signal_backend from breakwater');
  try {
    const words = await sparing(async () => {
      const clicked = await world.discord.actAs('rosa').click(shown.id, GO);
      const asked = await world.discord.actAs('rosa').command('db kill-stale', { kind: 'idle' }, here(world.discord));
      return `${await refusalOf(clicked)} ${await refusalOf(asked)}`;
    });
    expect(words.match(/GRANT pg\\?_signal\\?_backend TO "breakwater";/g)).toHaveLength(2);
  } finally {
    await world.ask('grant pg_signal_backend to breakwater');
  }
  // It was not used up.
  await world.discord.actAs('rosa').click(shown.id, GO);
  await becomes(world, shown.id, /terminated 5/);
  expect(await timelineOf(world)).toMatch(
    /was refused kill-stale on main: Nothing was ended: the role breakwater lacks/,
  );
});
