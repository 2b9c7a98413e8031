import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { isDiscordClientFault } from '../../src/discord/client-fault.ts';
import { openGatewayConnection } from '../../src/discord/gateway-connection.ts';

const listeners = process.listeners('unhandledRejection');
afterEach(() => {
  process.removeAllListeners('unhandledRejection');
  for (const listener of listeners) process.on('unhandledRejection', listener);
});

/** The next rejection that nobody catches; vitest, which fails the run for one, does not see it. */
function nextUnhandledRejection(): Promise<unknown> {
  process.removeAllListeners('unhandledRejection');
  return new Promise((resolve) => process.once('unhandledRejection', resolve));
}

test('a packet that throws inside the Discord client is known as its fault, and the next one comes through', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const arriving = once(server, 'connection') as Promise<[WebSocket]>;
  await once(server, 'listening');
  const caught = nextUnhandledRejection();
  const { promise: interaction, resolve: onInteraction } = Promise.withResolvers<unknown>();
  const connection = openGatewayConnection({
    token: 'token',
    information: {
      url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
      shards: 1,
      session_start_limit: { total: 1, remaining: 1, reset_after: 0, max_concurrency: 1 },
    },
    session: null,
    waitForIdentify: async () => {},
    onReady: () => {},
    onHeartbeat: () => {},
    onSession: () => {},
    onLost: () => {},
    onInteraction,
  });
  const [socket] = await arriving;
  const send = (payload: object): void => socket.send(JSON.stringify(payload));
  send({ op: 10, d: { heartbeat_interval: 60_000 } });
  send({ op: 0, t: 'READY', s: 1, d: null });
  expect(isDiscordClientFault(await caught)).toBe(true);
  send({ op: 0, t: 'INTERACTION_CREATE', s: 2, d: { type: 2 } });
  expect(await interaction).toEqual({ type: 2 });
  await connection.end(null);
  server.close();
});

test('our own faults and what is no error are not the client’s', async () => {
  expect(isDiscordClientFault(new TypeError('ours'))).toBe(false);
  expect(isDiscordClientFault('a string')).toBe(false);
});
