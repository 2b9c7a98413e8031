import { expect, test } from 'vitest';
import { titleOf } from '../../sandbox/drill/read-message.ts';
import type { Alert, Transition } from '../../src/alerts/lifecycle.ts';
import { createAnnouncer } from '../../src/delivery/announce-alerts.ts';
import { createMessageBoard } from '../../src/delivery/message-board.ts';
import { createChannelTransport } from '../../src/discord/channel-transport.ts';
import { createRest } from '../../src/discord/rest.ts';
import { COLOURS } from '../../src/render/message.ts';
import { startApi } from '../sandbox/discord/api.ts';
import { alert, finding } from '../support/builders.ts';
import { createMovableClock } from '../support/movable-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

/** Alerts announced in a sandbox's alert channel by everything that is real. */
async function start() {
  const { sandbox } = await startApi();
  const [clock, log] = [createMovableClock(), createRecordedLog()];
  const rest = createRest({ apiUrl: sandbox.apiUrl, token: sandbox.token });
  let nonces = 0;
  const board = createMessageBoard({
    transport: createChannelTransport(rest, sandbox.channels.alerts),
    clock,
    log,
    newNonce: () => `nonce-${(nonces += 1)}`,
  });
  const announce = createAnnouncer({
    board,
    onCallRole: sandbox.roles.onCall,
    firstStepOf: () => 'look at /db status',
    paint: async () => ({ name: 'connections.png', description: 'Connections', data: Buffer.from('a picture') }),
    now: () => clock.now(),
  });
  return {
    sandbox,
    log,
    say: (kind: Transition['kind'], parts: Partial<Alert> = {}) => announce([{ kind, alert: alert(parts) }]),
    messages: () => sandbox.messages(sandbox.channels.alerts),
    async settled() {
      while (board.waiting() > 0) {
        clock.skip(250);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    /** The bodies of what was sent, with whether a file was. */
    sent: () =>
      sandbox.requests.items.map(({ method, json, files }) => ({
        method,
        roles: (json as { readonly allowed_mentions: { readonly roles?: readonly string[] } }).allowed_mentions.roles,
        parse: (json as { readonly allowed_mentions: { readonly parse: readonly string[] } }).allowed_mentions.parse,
        files: files.length,
      })),
    async [Symbol.asyncDispose]() {
      await board.stop();
      await sandbox.close();
    },
  };
}

const RESOLVED = { state: 'resolved', resolvedAt: Date.UTC(2020, 11, 11, 13, 30) } as const;

test('a critical alert is posted at once with one ping, then given its chart, then turned green', async () => {
  await using channel = await start();
  const { onCall } = channel.sandbox.roles;
  channel.say('fired');
  await channel.settled();
  channel.say('resolved', RESOLVED);
  await channel.settled();
  expect(channel.sent()).toEqual([
    { method: 'POST', roles: [onCall], parse: [], files: 0 },
    { method: 'PATCH', roles: undefined, parse: [], files: 1 },
    { method: 'PATCH', roles: undefined, parse: [], files: 1 },
  ]);
  expect(channel.messages()).toHaveLength(1);
  expect(channel.messages()[0]).toMatchObject({ embeds: [{ color: COLOURS.resolved, image: {} }] });
  expect(channel.sandbox.violations).toEqual([]);
});

test('a warning pings nobody', async () => {
  await using channel = await start();
  channel.say('fired', { severity: 'warning' });
  await channel.settled();
  const [message] = channel.messages();
  expect(message).toMatchObject({ content: '', mention_roles: [] });
  expect(channel.sent().map(({ roles }) => roles)).toEqual([undefined, undefined]);
  expect(channel.sandbox.violations).toEqual([]);
});

test('newer numbers edit the message in place; the next occurrence has one of its own', async () => {
  await using channel = await start();
  channel.say('fired');
  await channel.settled();
  channel.say('changed', { finding: finding({ headline: '97 of 100' }) });
  await channel.settled();
  channel.say('resolved', RESOLVED);
  channel.say('fired', { firedAt: Date.UTC(2020, 11, 11, 14) });
  await channel.settled();
  expect(channel.messages().map((message) => titleOf(message).split(':')[0])).toEqual(['🟢 resolved', '🔴 firing']);
  expect(channel.sandbox.violations).toEqual([]);
});

test('two alerts have two messages', async () => {
  await using channel = await start();
  channel.say('fired');
  channel.say('fired', { key: 'connections-application · main · site', subject: 'site' });
  await channel.settled();
  expect(channel.messages()).toHaveLength(2);
});

test.each(['down', 'black-hole'] as const)(
  'what fired and resolved while Discord was unreachable (%s) is one green message without a ping',
  async (kind) => {
    await using channel = await start();
    const back = await channel.sandbox.faults.set({ kind });
    channel.say('fired');
    await new Promise((resolve) => setTimeout(resolve, 50));
    channel.say('changed', { finding: finding({ headline: '99 of 100' }) });
    channel.say('resolved', RESOLVED);
    await back();
    await channel.settled();
    expect(channel.messages().map(titleOf)).toEqual([expect.stringMatching(/^🟢 resolved/)]);
    expect(channel.messages()[0]?.mention_roles).toEqual([]);
    expect(channel.sandbox.violations).toEqual([]);
  },
);

test('an alert whose POST was answered 502 though it stood there is turned green all the same', async () => {
  await using channel = await start();
  await channel.sandbox.faults.set({ kind: 'fail-after', method: 'POST', times: 1 });
  channel.say('fired');
  await channel.sandbox.waitForMessage((message) => titleOf(message).startsWith('🔴'));
  channel.say('resolved', RESOLVED);
  await channel.settled();
  expect(channel.messages().map(titleOf)).toEqual([expect.stringMatching(/^🟢 resolved/)]);
});

test('a message that was deleted in Discord stays away', async () => {
  await using channel = await start();
  channel.say('fired');
  await channel.settled();
  for (const stored of channel.sandbox.stored(channel.sandbox.channels.alerts)) {
    channel.sandbox.world.messages.delete(stored);
  }
  channel.say('changed', { finding: finding({ headline: '97 of 100' }) });
  await channel.settled();
  channel.say('resolved', RESOLVED);
  await channel.settled();
  expect(channel.messages()).toEqual([]);
});

test('hostile names are shown and do nothing', async () => {
  await using channel = await start();
  const hostile = '@everyone <@&1> [x](https://evil.example) ```' + 'ü'.repeat(63);
  channel.say('fired', {
    key: `connections-application · main · ${hostile}`,
    subject: hostile,
    finding: finding({ headline: hostile, impact: hostile.repeat(40) }),
  });
  await channel.settled();
  expect(channel.messages()).toMatchObject([{ mention_everyone: false }]);
  expect(channel.sent().flatMap(({ roles = [] }) => roles)).toEqual([channel.sandbox.roles.onCall]);
  expect(channel.sandbox.violations).toEqual([]);
});
