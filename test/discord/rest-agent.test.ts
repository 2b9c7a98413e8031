import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { createChannelTransport } from '../../src/discord/channel-transport.ts';
import { createRest } from '../../src/discord/rest.ts';
import { startApi } from '../sandbox/discord/api.ts';

const LEGACY_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

it('sends files whoever owns the process-wide dispatcher', async () => {
  const owner: unknown = Reflect.get(globalThis, LEGACY_DISPATCHER);
  await using api = await startApi();
  const { sandbox } = api;
  const file = { name: 'a.png', type: 'image/png' as const, description: 'a', data: new Uint8Array([1, 2]) };
  Object.assign(globalThis, {
    [LEGACY_DISPATCHER]: { dispatch: () => expect.unreachable('the dispatcher of others') },
  });
  try {
    const rest = createRest({ apiUrl: sandbox.apiUrl, token: sandbox.token });
    const transport = createChannelTransport(rest, sandbox.channels.alerts);
    expect(await transport.post({ embed: { title: 'a', colour: 0 }, file }, 'n')).toMatchObject({ kind: 'delivered' });
  } finally {
    Object.assign(globalThis, { [LEGACY_DISPATCHER]: owner });
  }
});

it('has the agent of the very undici that the REST client brings', () => {
  const ours = createRequire(import.meta.url).resolve('undici');
  const theirs = createRequire(createRequire(import.meta.url).resolve('@discordjs/rest')).resolve('undici');
  expect(ours).toBe(theirs);
});
