import { expect, it } from 'vitest';
import { textOf } from '../../sandbox/drill/read-message.ts';
import { becomes, createKillWorld, forge, GO, type KillWorld, leaveInJournal, planOf, preview } from './kill-world.ts';
import { endAfterEach, logged, playerOf, ready, start } from './world.ts';

endAfterEach();

it('ends what was shown and still is so; a newcomer in the place of one, what was used since, and others live', async () => {
  const world = await createKillWorld(3);
  await createProtectedRoles(world);
  const [admin, backup, leaving, busy, newcomer] = [
    playerOf(world.postgres, 'admin', 'admin'),
    playerOf(world.postgres, 'backup', 'backup'),
    playerOf(world.postgres, 'site', 'site'),
    playerOf(world.postgres, 'site', 'site'),
    playerOf(world.postgres, 'site', 'site'),
  ];
  for (const player of [admin, backup, leaving, busy]) await player.open(1);
  const bot = start(world.env);
  await ready(bot);
  await logged(bot, 'ready to act');
  // Of any application: Breakwater's own sessions, a superuser's and a replication role's are idle as well.
  const shown = await preview(world, 5, {});
  expect(textOf(shown)).toContain("Breakwater's own");
  const [own, others] = [await world.sessions('breakwater'), await world.sessions('admin')];

  await leaving.terminateAll();
  await newcomer.open(1);
  busy.runQueries(1, 20);
  await expect.poll(() => world.sessions('site')).toHaveLength(5);
  await world.discord.actAs('rosa').click(shown.id, GO);
  await becomes(world, shown.id, /terminated 3 · spared 2 · failed 0/);
  expect([busy.count(), newcomer.count(), admin.count(), backup.count(), world.site.count()]).toEqual([1, 1, 1, 1, 0]);
  expect(own.length).toBeGreaterThanOrEqual(2);
  expect([await world.sessions('breakwater'), await world.sessions('admin')]).toEqual([own, others]);
});

it.each([
  [
    'another session that was given the same pid',
    `usename = 'site'`,
    { backendStart: '2020-12-11 13:00:00.000001+00' },
  ],
  ['one that was active since and is idle again', `usename = 'site'`, { stateChange: '2020-12-11 13:00:00.000001+00' }],
  ['one that is in another state now', `usename = 'site'`, { state: 'idle in transaction' }],
  ["a superuser's", `usename = 'admin'`, {}],
  ["a replication role's", `usename = 'backup'`, {}],
])('spares %s, whatever the plan says', async (_, where, changed) => {
  const world = await createKillWorld(1);
  await createProtectedRoles(world);
  await playerOf(world.postgres, 'admin', 'admin').open(1);
  await playerOf(world.postgres, 'backup', 'backup').open(1);
  const plan = await planOf(world, where, changed);
  const { id, hash } = await leaveInJournal(world, { plan });
  const bot = start(world.env);
  await ready(bot);
  await logged(bot, 'ready to act');
  const standing = async () => [
    await world.sessions('site'),
    await world.sessions('admin'),
    await world.sessions('backup'),
  ];
  const before = await standing();
  const clicked = await forge(world, `db.kill-stale:go:${id}:${hash}`);
  await becomes(world, clicked.interaction.source?.message.id ?? '', /terminated 0 · spared 1 · failed 0/);
  expect(await standing()).toEqual(before);
});

/** One for each guard: what a superuser is made with is both. */
async function createProtectedRoles(world: KillWorld): Promise<void> {
  await world.ask(`create role admin login superuser noreplication password 'admin'`);
  await world.ask(`create role backup login replication password 'backup'`);
}
