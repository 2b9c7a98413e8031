import { expect, test } from 'vitest';
import type { InteractionRecord } from '../../../sandbox/discord/world/interactions.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { type Api, startApi } from './api.ts';

/** A click that nobody has answered yet. */
function click({ sandbox }: Api) {
  const outcome = sandbox.actAs('rosa').raw({ type: 3, data: { custom_id: 'x', component_type: 2 } });
  const interaction = sandbox.world.interactions.all.at(-1) as InteractionRecord;
  return { outcome, callback: `/interactions/${interaction.id}/${interaction.token}/callback`, interaction };
}

test('what is not acknowledged within 3 s did not respond, and the late callback is unknown', async () => {
  const clock = createManualClock();
  await using api = await startApi({ clock });
  const { outcome, callback } = click(api);
  await clock.advance(3_000);
  expect(await outcome).toMatchObject({
    kind: 'failed',
    acknowledgedAfterMs: null,
    failure: 'The application did not respond',
  });
  const late = await api.call('POST', callback, { type: 4, data: { content: 'late' } });
  expect([late.status, late.json['code']]).toEqual([404, 10_062]);
});

test('the time to the acknowledgement is told', async () => {
  const clock = createManualClock();
  await using api = await startApi({ clock });
  const { outcome, callback } = click(api);
  await clock.advance(2_900);
  expect((await api.call('POST', callback, { type: 5 })).status).toBe(204);
  expect(await outcome).toMatchObject({ kind: 'deferred', acknowledgedAfterMs: 2_900 });
});

test('a second callback is refused with 40060', async () => {
  await using api = await startApi();
  const { callback } = click(api);
  await api.call('POST', callback, { type: 4, data: { content: 'first' } });
  expect((await api.call('POST', callback, { type: 6 })).json['code']).toBe(40_060);
});

test('the token lives 15 minutes', async () => {
  const clock = createManualClock();
  await using api = await startApi({ clock });
  const { callback, interaction } = click(api);
  const original = `/webhooks/${api.sandbox.applicationId}/${interaction.token}/messages/@original`;
  expect((await api.call('PATCH', original, { content: 'early' })).json['code']).toBe(10_015);
  await api.call('POST', callback, { type: 4, data: { content: 'first' } });
  expect((await api.call('PATCH', original, { content: 'second' })).json['content']).toBe('second');
  await clock.advance(15 * 60_000);
  const late = await api.call('PATCH', original, { content: 'third' });
  expect([late.status, late.json['code']]).toEqual([401, 50_027]);
});

test.each([
  [2, 7],
  [2, 8],
  [4, 4],
  [5, 9],
] as const)('an interaction of type %i is not answered by a callback of type %i', async (type, callbackType) => {
  await using api = await startApi();
  void api.sandbox
    .actAs('rosa')
    .raw({ type, data: {} })
    .catch(() => null);
  const interaction = api.sandbox.world.interactions.all.at(-1) as InteractionRecord;
  const data = { 4: { content: 'x' }, 8: { choices: [] }, 9: { custom_id: 'x', title: 'x', components: [] } };
  const answer = await api.call('POST', `/interactions/${interaction.id}/${interaction.token}/callback`, {
    type: callbackType,
    ...(callbackType in data && { data: data[callbackType as keyof typeof data] }),
  });
  expect([answer.status, answer.json['code']]).toEqual([400, 50_035]);
});

test('the first follow-up after a deferral takes its place', async () => {
  await using api = await startApi();
  const { outcome, callback, interaction } = click(api);
  await api.call('POST', callback, { type: 5, data: { flags: 64 } });
  const seen = await outcome;
  await api.call('POST', `/webhooks/${api.sandbox.applicationId}/${interaction.token}`, { content: 'done' });
  expect(await seen.final()).toMatchObject({ id: seen.message()?.id, content: 'done' });
  expect(seen.ephemeral).toBe(true);
  expect(seen.followUps()).toEqual([]);
});
