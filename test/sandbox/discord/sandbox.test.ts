import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createSandboxDiscord } from '../../../sandbox/discord/create-sandbox-discord.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { startApi } from './api.ts';

test('a sandbox that was closed keeps no process alive', async () => {
  const script = `
    import { Client } from 'discord.js';
    import { createSandboxDiscord } from './sandbox/discord/create-sandbox-discord.ts';
    const sandbox = await createSandboxDiscord();
    const client = new Client({ intents: [1], rest: { api: sandbox.apiUrl } });
    const ready = new Promise((resolve) => client.once('clientReady', resolve));
    await client.login(sandbox.token);
    await ready;
    sandbox.actAs('rosa').raw({ type: 3, data: { custom_id: 'x', component_type: 2 } }).catch(() => {});
    await sandbox.faults.set({ kind: 'hang' });
    fetch(sandbox.apiUrl + '/gateway').catch(() => {});
    await client.destroy();
    await sandbox.close();
    console.log('closed');
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: new URL('../../..', import.meta.url),
    timeout: 15_000,
  });
  expect(stdout).toBe('closed\n');
});

test('ids and names of the guild are the same at every start', async () => {
  await using first = await startApi();
  await using second = await startApi();
  const ids = ({ sandbox }: typeof first) => [sandbox.guildId, sandbox.channels, sandbox.roles, sandbox.members];
  expect(ids(second)).toEqual(ids(first));
});

test('a given port is taken', async () => {
  const first = await createSandboxDiscord();
  await first.close();
  const again = await createSandboxDiscord({ port: first.port });
  expect(again.apiUrl).toBe(first.apiUrl);
  await again.close();
});

test('the first POST of a message counts from the arrival of its body', async () => {
  const clock = createManualClock();
  await using api = await startApi({ clock });
  const arrived = clock.now();
  await api.sandbox.faults.set({ kind: 'slow', ms: 400 });
  const sending = api.send({ content: 'alert' });
  await api.sandbox.requests.waitFor(({ route }) => route === '/channels/{channel_id}/messages');
  await clock.advance(400);
  await sending;
  const [stored] = api.sandbox.stored(api.sandbox.channels.alerts);
  expect(stored?.firstPostAt).toBe(arrived);
  expect(Date.parse(stored?.message.timestamp ?? '')).toBe(arrived + 400);
});

test('a message can be waited for by what an edit makes of it', async () => {
  await using api = await startApi();
  const resolved = api.sandbox.waitForMessage(({ content }) => content === 'resolved');
  const { json } = await api.send({ content: 'firing' });
  await api.call('PATCH', `/channels/${api.sandbox.channels.alerts}/messages/${String(json['id'])}`, {
    content: 'resolved',
  });
  expect((await resolved).message.edited_timestamp).not.toBeNull();
});

test('waiting for what does not come ends with an error that names it', async () => {
  await using api = await startApi();
  const wait = api.sandbox.waitForMessage(() => false, { timeoutMs: 10, what: 'the alert' });
  await expect(wait).rejects.toThrow('the alert did not come within 10 ms');
});

test('every request is on record, with its files', async () => {
  await using api = await startApi();
  const form = new FormData();
  form.append('payload_json', JSON.stringify({ content: 'x' }));
  form.append('files[0]', new Blob(['csv']), 'list.csv');
  await api.send(form);
  expect(api.sandbox.requests.items).toMatchObject([
    {
      method: 'POST',
      route: '/channels/{channel_id}/messages',
      json: { content: 'x' },
      files: [{ name: 'list.csv', bytes: 3 }],
      authorised: true,
      status: 200,
    },
  ]);
});
