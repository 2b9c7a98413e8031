import { expect, it } from 'vitest';
import { createSimulatedTime } from '../../sandbox/stage/simulated-time.ts';
import { audited, becomes, buttonsOf, createKillWorld, forge, GO, goId, preview, refusalOf } from './kill-world.ts';
import { endAfterEach, logged, ready, start } from './world.ts';

endAfterEach();

const act = /^db\.kill-stale:(go|cancel):/;
const actsOf = (message: Parameters<typeof buttonsOf>[0]) =>
  buttonsOf(message).filter(({ custom_id = '' }) => act.test(custom_id));

it('are gone after the result, and the audit channel has the acts', async () => {
  const world = await createKillWorld();
  await ready(start(world.env));
  const shown = await preview(world, 5);
  expect(actsOf(shown)).toHaveLength(2);
  await world.discord.actAs('ada').click(shown.id, GO);
  expect(actsOf(await becomes(world, shown.id, /terminated 5/))).toEqual([]);
  await audited(world, /kill-stale on main: previewed/);
  await audited(world, /kill-stale on main: confirmed/);
  await audited(world, /kill-stale on main: done\nterminated 5, spared 0, failed 0/);
  // Everybody saw the preview, and so the result.
  expect(world.discord.messages(world.discord.channels.alerts).map(({ id }) => id)).toContain(shown.id);
  expect(world.discord.violations).toEqual([]);
});

it('are gone after Cancel, by whomever, and nothing is ended', async () => {
  const world = await createKillWorld();
  await ready(start(world.env));
  const before = await world.sessions('site');
  const shown = await preview(world, 5);
  await world.discord.actAs('ada').click(shown.id, 'Cancel');
  const cancelled = await becomes(world, shown.id, /cancelled, nothing was terminated/);
  expect(actsOf(cancelled)).toEqual([]);
  const words = await refusalOf(await forge(world, goId(shown), 'rosa', { messageId: shown.id }));
  expect(words).toMatch(new RegExp(`^Cancelled at .* It was <@${world.discord.members.ada}>`));
  await audited(world, /kill-stale on main: cancelled/);
  expect(await world.sessions('site')).toEqual(before);
});

it('are gone after two minutes, and a click that was under way is refused', async () => {
  const world = await createKillWorld();
  // Two minutes are ten seconds, and what Discord has for an answer is as short.
  await world.discord.warmUp();
  const bot = start(world.env, { scale: 12, from: Date.now() });
  await ready(bot);
  await logged(bot, 'ready to act');
  const before = await world.sessions('site');
  const shown = await preview(world, 5);
  const expired = await becomes(world, shown.id, /expired, nothing was terminated/);
  expect(actsOf(expired)).toEqual([]);
  const words = await refusalOf(await forge(world, goId(shown), 'rosa', { messageId: shown.id }));
  expect(words).toMatch(/This preview expired .*: run \/db kill-stale again/);
  await audited(world, /kill-stale on main: expired/);
  expect(await world.sessions('site')).toEqual(before);
});

it('are gone after a restart in between, when the time is over; until then a click counts', async () => {
  const world = await createKillWorld();
  const first = start(world.env);
  await ready(first);
  const [expiring, confirmed] = [await preview(world, 5), await preview(world, 5)];
  first.kill('SIGKILL');
  await first.exited;

  const second = start(world.env);
  await ready(second);
  await logged(second, 'ready to act');
  await world.discord.actAs('ada').click(confirmed.id, GO);
  expect(actsOf(await becomes(world, confirmed.id, /terminated 5/))).toEqual([]);
  second.kill('SIGKILL');
  await second.exited;

  // The next one is started three minutes later.
  await ready(start(world.env, later(180_000)));
  const expired = await becomes(world, expiring.id, /main: expired, nothing was /);
  expect(actsOf(expired)).toEqual([]);
  const words = await refusalOf(await forge(world, goId(expiring), 'rosa', { messageId: expiring.id }));
  expect(words).toMatch(/This preview expired/);
  await audited(world, /kill-stale on main: expired/);
  expect(await becomes(world, confirmed.id, /./)).toMatchObject({
    embeds: [{ title: expect.stringContaining('terminated 5') }],
  });
});

/** Time that is so much ahead, and hardly any faster. */
function later(ms: number) {
  const scale = 1.0001;
  return createSimulatedTime({ scale, from: Date.now() - ms / (scale - 1) });
}
