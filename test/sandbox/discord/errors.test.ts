import { expect, test } from 'vitest';
import { startApi } from './api.ts';

test('a wrong token is 401 with code 0', async () => {
  await using api = await startApi();
  const answer = await api.call('GET', '/v10/users/@me', undefined, { Authorization: 'Bot wrong' });
  expect([answer.status, answer.json]).toEqual([401, { message: '401: Unauthorized', code: 0 }]);
});

test.each([
  ['GET', '/v10/nowhere', 404, 0],
  ['DELETE', '/v10/gateway/bot', 405, 0],
  ['GET', '/v10/channels/1', 404, 10_003],
  ['GET', '/v10/guilds/1', 404, 10_004],
  ['GET', '/v10/channels/ALERTS/messages/1', 404, 10_008],
  ['PATCH', '/v10/webhooks/APP/none/messages/%40original', 404, 10_015],
])('%s %s is %i with code %i', async (method, path, status, code) => {
  await using api = await startApi();
  const { channels, applicationId } = api.sandbox;
  const answer = await api.call(
    method,
    path.replace('ALERTS', channels.alerts).replace('APP', applicationId),
    method === 'PATCH' ? {} : undefined,
  );
  expect([answer.status, answer.json['code']]).toEqual([status, code]);
});

test('an unknown interaction is 10062, an empty message 50006, broken JSON 50109', async () => {
  await using api = await startApi();
  const callback = await api.call('POST', '/interactions/1/token/callback', { type: 6 });
  expect(callback.json['code']).toBe(10_062);
  expect((await api.send({ content: '' })).json['code']).toBe(50_006);
  const broken = await fetch(`${api.sandbox.apiUrl}/channels/${api.sandbox.channels.alerts}/messages`, {
    method: 'POST',
    headers: { Authorization: `Bot ${api.sandbox.token}`, 'Content-Type': 'application/json' },
    body: '{',
  });
  expect(await broken.json()).toMatchObject({ code: 50_109 });
});

test('an edit that leaves nothing is 50006', async () => {
  await using api = await startApi();
  const id = String((await api.send({ content: 'x' })).json['id']);
  const path = `/channels/${api.sandbox.channels.alerts}/messages/${id}`;
  expect((await api.call('PATCH', path, { content: '' })).json['code']).toBe(50_006);
  expect((await api.call('PATCH', path, { content: '', embeds: [{ title: 'y' }] })).status).toBe(200);
});

test.each([
  [['VIEW_CHANNEL'], { content: 'x' }, 50_001],
  [['SEND_MESSAGES'], { content: 'x' }, 50_013],
  [['EMBED_LINKS'], { embeds: [{ title: 'x' }] }, 50_013],
] as const)('a channel without %j refuses', async (permissions, body, code) => {
  await using api = await startApi();
  const { alerts, audit } = api.sandbox.channels;
  api.sandbox.world.forbidBot(alerts, permissions);
  const refused = await api.send(body);
  expect([refused.status, refused.json['code']]).toEqual([403, code]);
  expect((await api.call('POST', `/channels/${audit}/messages`, body)).status).toBe(200);
});

test('files need their permission', async () => {
  await using api = await startApi();
  api.sandbox.world.forbidBot(api.sandbox.channels.alerts, ['ATTACH_FILES']);
  const form = new FormData();
  form.append('payload_json', JSON.stringify({ content: 'x' }));
  form.append('files[0]', new Blob(['csv']), 'list.csv');
  expect((await api.send(form)).json['code']).toBe(50_013);
});

test('what the bot may not do is in the channel that it reads', async () => {
  await using api = await startApi();
  const { channels, world } = api.sandbox;
  world.forbidBot(channels.alerts, ['SEND_MESSAGES']);
  const { json } = await api.call('GET', `/channels/${channels.alerts}`);
  expect(json['permission_overwrites']).toEqual([
    { id: api.sandbox.applicationId, type: 1, allow: '0', deny: String(1n << 11n) },
  ]);
});
