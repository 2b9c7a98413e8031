import { once } from 'node:events';
import { constants, createInflate } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { SandboxDiscord } from '../../../sandbox/discord/create-sandbox-discord.ts';
import { createFeed, type Feed } from '../../../sandbox/discord/feed.ts';
import { startApi } from './api.ts';
import { registerCommands, startRealBot } from './real-bot.ts';

interface Payload {
  readonly op: number;
  readonly t?: string;
  readonly s?: number;
  readonly d: Readonly<Record<string, unknown>>;
}

interface Socket {
  readonly feed: Feed<Payload>;
  readonly closed: Promise<number>;
  send(op: number, d: unknown): void;
  terminate(): void;
}

const open: Socket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) {
    socket.terminate();
    socket.feed.close();
  }
});

function connect({ gatewayUrl }: SandboxDiscord): Socket {
  const socket = new WebSocket(`${gatewayUrl}?v=10&encoding=json`);
  const feed = createFeed<Payload>();
  const sent: string[] = [];
  socket.on('message', (data: Buffer) => feed.push(JSON.parse(data.toString()) as Payload));
  socket.on('open', () => sent.splice(0).forEach((text) => socket.send(text)));
  const made: Socket = {
    feed,
    closed: once(socket, 'close').then(([code]) => code as number),
    send(op, d) {
      const text = JSON.stringify({ op, d });
      if (socket.readyState === socket.OPEN) socket.send(text);
      else sent.push(text);
    },
    terminate: () => socket.terminate(),
  };
  open.push(made);
  return made;
}

const identify = (sandbox: SandboxDiscord, intents = 1) => ({ token: sandbox.token, intents, properties: {} });
const event = (name: string) => (payload: Payload) => payload.t === name;
const op = (code: number) => (payload: Payload) => payload.op === code;

test.each([
  ['a wrong token', { token: 'wrong', intents: 1 }, 4004],
  ['a privileged intent', { intents: 1 | (1 << 15) }, 4014],
  ['an unknown intent', { intents: 1 << 30 }, 4013],
  ['no intents', { intents: null }, 4013],
])('%s closes the gateway with its code', async (_, d, code) => {
  await using api = await startApi();
  const socket = connect(api.sandbox);
  socket.send(2, { token: api.sandbox.token, properties: {}, ...d });
  expect(await socket.closed).toBe(code);
});

test('an unknown opcode closes with 4001, a command before identify with 4003', async () => {
  await using api = await startApi();
  const [unknown, early] = [connect(api.sandbox), connect(api.sandbox)];
  unknown.send(99, {});
  early.send(3, {});
  expect([await unknown.closed, await early.closed]).toEqual([4001, 4003]);
});

test('the guilds intent alone brings no messages; the messages intent does', async () => {
  await using api = await startApi();
  const [guilds, both] = [connect(api.sandbox), connect(api.sandbox)];
  guilds.send(2, identify(api.sandbox, 1));
  both.send(2, identify(api.sandbox, 1 | (1 << 9)));
  await Promise.all([guilds, both].map(({ feed }) => feed.waitFor(event('GUILD_CREATE'))));
  await api.send({ content: 'hello' });
  const { d } = await both.feed.waitFor(event('MESSAGE_CREATE'));
  expect(d).toMatchObject({ content: 'hello', guild_id: api.sandbox.guildId });
  guilds.send(1, null);
  await guilds.feed.waitFor(op(11));
  expect(guilds.feed.items.some(event('MESSAGE_CREATE'))).toBe(false);
});

test('heartbeats are acknowledged, until the fault says no', async () => {
  await using api = await startApi();
  const socket = connect(api.sandbox);
  socket.send(1, null);
  await socket.feed.waitFor(op(11));
  await api.sandbox.faults.set({ kind: 'no-heartbeat-ack' });
  socket.send(1, null);
  socket.send(2, identify(api.sandbox));
  await socket.feed.waitFor(event('READY'));
  expect(socket.feed.items.filter(op(11))).toHaveLength(1);
});

test('a resume replays what was missed; one of an unknown session is invalid', async () => {
  await using api = await startApi();
  const first = connect(api.sandbox);
  first.send(2, identify(api.sandbox, 1 | (1 << 9)));
  const ready = await first.feed.waitFor(event('READY'));
  await first.feed.waitFor(event('GUILD_CREATE'));
  first.terminate();
  await first.closed;
  await api.send({ content: 'missed' });
  const second = connect(api.sandbox);
  const session_id = ready.d['session_id'];
  second.send(6, { token: api.sandbox.token, session_id, seq: 2 });
  await second.feed.waitFor(event('RESUMED'));
  expect(second.feed.items.map(({ t }) => t).slice(1)).toEqual(['MESSAGE_CREATE', 'RESUMED']);
  const third = connect(api.sandbox);
  third.send(6, { token: api.sandbox.token, session_id: 'unknown', seq: 2 });
  expect(await third.feed.waitFor(op(9))).toMatchObject({ d: false });
});

test('a zlib stream is inflated to the same payloads', async () => {
  await using api = await startApi();
  const socket = new WebSocket(`${api.sandbox.gatewayUrl}?v=10&encoding=json&compress=zlib-stream`);
  const inflate = createInflate({ finishFlush: constants.Z_SYNC_FLUSH });
  socket.on('message', (data: Buffer) => inflate.write(data));
  const [hello] = (await once(inflate, 'data')) as [Buffer];
  expect(JSON.parse(hello.toString())).toMatchObject({ op: 10 });
  socket.terminate();
  inflate.close();
});

test.each([
  ['dropped sockets', { kind: 'drop-sockets' }],
  ['op 7, reconnect', { kind: 'reconnect' }],
  ['a close with 4000', { kind: 'close', code: 4000 }],
] as const)('after %s the real client resumes and answers', async (_, fault) => {
  await using bot = await startRealBot();
  await registerCommands(bot);
  bot.answer(async (interaction) => interaction.isRepliable() && interaction.reply('back'));
  const resumed = once(bot.client, 'shardResume');
  await bot.sandbox.faults.set(fault);
  await resumed;
  expect((await bot.sandbox.actAs('olive').command('db status')).message()?.content).toBe('back');
});

test('an interaction sent while the socket is down is answered after the resume', async () => {
  await using bot = await startRealBot();
  await registerCommands(bot);
  bot.answer(async (interaction) => interaction.isRepliable() && interaction.reply('caught up'));
  await bot.sandbox.faults.set({ kind: 'drop-sockets' });
  expect((await bot.sandbox.actAs('olive').command('db status')).message()?.content).toBe('caught up');
});

test.each([4004, 4014])('a close with %i leaves the real client dead, the process alive', async (code) => {
  await using bot = await startRealBot();
  const gone = once(bot.client, 'shardDisconnect');
  await bot.sandbox.faults.set({ kind: 'close', code });
  const [event] = (await gone) as [{ readonly code: number }];
  expect(event.code).toBe(code);
});

test('a client that hears no acknowledgement of its heartbeats connects anew and resumes', async () => {
  await using bot = await startRealBot({ heartbeatIntervalMs: 100 });
  const reconnecting = once(bot.client, 'shardReconnecting');
  const clear = await bot.sandbox.faults.set({ kind: 'no-heartbeat-ack' });
  await reconnecting;
  const resumed = once(bot.client, 'shardResume');
  await clear();
  await resumed;
});

test('a malformed dispatch throws inside the client', async () => {
  await using bot = await startRealBot();
  const caught = new Promise<unknown>((resolve) => {
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.once('unhandledRejection', (reason) => {
      for (const listener of others) process.on('unhandledRejection', listener);
      resolve(reason);
    });
  });
  await bot.sandbox.faults.set({ kind: 'malformed-dispatch' });
  expect(await caught).toBeInstanceOf(TypeError);
});

test('the gateway alone goes down and comes back, while REST goes on', async () => {
  await using bot = await startRealBot();
  const lost = once(bot.client, 'shardReconnecting');
  const clear = await bot.sandbox.faults.set({ kind: 'gateway-down' });
  await lost;
  expect((await bot.client.rest.get('/gateway')) as object).toHaveProperty('url');
  expect(bot.sandbox.connectedBots).toBe(0);
  const resumed = once(bot.client, 'shardResume');
  await clear();
  await resumed;
  expect(bot.sandbox.connectedBots).toBe(1);
});
