import { expect, test } from 'vitest';
import type { Fault } from '../../sandbox/discord/faults.ts';
import type { Delivered } from '../../src/delivery/transport.ts';
import { createWebhookTransport } from '../../src/discord/webhook-transport.ts';
import { createSecret } from '../../src/model/secret.ts';
import { COLOURS, type Message } from '../../src/render/message.ts';
import { startApi } from '../sandbox/discord/api.ts';

const MESSAGE: Message = {
  content: 'full',
  embed: { title: '🔴 firing', colour: COLOURS.critical },
  buttons: [{ id: 'alert.ack:x', label: 'Acknowledge', style: 'act' }],
  file: { name: 'chart.png', type: 'image/png' as const, description: 'A chart', data: Buffer.from('png') },
};

async function start({ timeoutMs = 5_000 } = {}) {
  const { sandbox } = await startApi();
  return {
    sandbox,
    webhook: createWebhookTransport({ url: createSecret(sandbox.fallbackWebhookUrl), timeoutMs }),
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

test('a message goes through the webhook without the bot, pings only whom it names, and has no buttons', async () => {
  await using bot = await start();
  const { onCall } = bot.sandbox.roles;
  const sent = await bot.webhook.send({ ...MESSAGE, content: `<@&${onCall}> @everyone`, pingRoles: [onCall] });
  const [message] = bot.sandbox.messages(bot.sandbox.channels.alerts);
  expect(sent).toEqual({ kind: 'delivered', messageId: message?.id });
  expect(message).toMatchObject({ mention_everyone: false, mention_roles: [onCall], components: [], attachments: [] });
  expect(bot.sandbox.violations).toEqual([]);
  expect(bot.sandbox.validatesOpenApi).toBe(true);
});

test.each<readonly [Fault, Partial<Delivered>]>([
  [{ kind: 'fail-after' }, { kind: 'uncertain' }],
  [{ kind: 'hang' }, { kind: 'uncertain' }],
  [{ kind: 'drop', when: 'before' }, { kind: 'uncertain' }],
  [{ kind: 'down' }, { kind: 'failed' }],
  [
    { kind: 'rate-limit', retryAfterS: 7 },
    { kind: 'failed', retryAfterMs: 7_000 },
  ],
  [
    { kind: 'rate-limit', retryAfterS: 7, body: 'html' },
    { kind: 'failed', retryAfterMs: 7_000 },
  ],
])('%o is told once, and the address never', async (fault, told) => {
  await using bot = await start({ timeoutMs: 300 });
  await bot.sandbox.faults.set(fault);
  const outcome = await bot.webhook.send(MESSAGE);
  expect(outcome).toMatchObject(told);
  expect(bot.sandbox.requests.items.length).toBeLessThanOrEqual(1);
  expect(JSON.stringify(outcome)).not.toMatch(/fallback-token|webhooks\//);
});

test('a webhook that was deleted, or whose token is wrong, refuses', async () => {
  await using bot = await start();
  for (const address of [
    `${bot.sandbox.fallbackWebhookUrl}x`,
    bot.sandbox.fallbackWebhookUrl.replace(/\d{17,}/, '1'),
  ]) {
    const outcome = await createWebhookTransport({ url: createSecret(address) }).send(MESSAGE);
    expect(outcome).toMatchObject({ kind: 'refused' });
    expect(JSON.stringify(outcome)).not.toMatch(/fallback-token/);
  }
});

test('an address that is none is named by its variable and not shown', () => {
  const make = () => createWebhookTransport({ url: createSecret('no url: hunter2') });
  expect(make).toThrow('DISCORD_FALLBACK_WEBHOOK_URL');
  expect(make).not.toThrow('hunter2');
});
