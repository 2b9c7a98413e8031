import { expect, test } from 'vitest';
import type { Fault } from '../../sandbox/discord/faults.ts';
import { keepRegistered } from '../../src/discord/keep-registered.ts';
import type { Registry } from '../../src/discord/registry.ts';
import { loadRegistry } from '../../src/discord/registry.ts';
import { createRest } from '../../src/discord/rest.ts';
import { startApi } from '../sandbox/discord/api.ts';
import { createMovableClock } from '../support/movable-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

const registry = await loadRegistry(new URL('../../commands/', import.meta.url));

/** A sandbox, and the bot's registering as it happens after each start. */
async function start({ timeoutMs = 10_000 } = {}) {
  const { sandbox } = await startApi();
  const [clock, log, stopping] = [createMovableClock(), createRecordedLog(), new AbortController()];
  return {
    sandbox,
    clock,
    log,
    register: (wanted: Registry = registry) => {
      const rest = createRest({ apiUrl: sandbox.apiUrl, token: sandbox.token, timeoutMs });
      return keepRegistered({ rest, ids: sandbox, registry: wanted, clock, log, signal: stopping.signal });
    },
    stop: () => stopping.abort(),
    made: () => sandbox.requests.items.map(({ method, route }) => `${method} ${route}`),
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

const ROUTE = '/applications/{application_id}/guilds/{guild_id}/commands';

test('registers every command in the guild, hidden from ordinary members, and none globally', async () => {
  await using bot = await start();
  await bot.register();
  const commands = bot.sandbox.world.commands.list('guild');
  expect(commands.map(({ name }) => name).sort()).toEqual(['alert', 'db', 'help', 'incident', 'runbook']);
  expect(commands.every(({ default_member_permissions }) => typeof default_member_permissions === 'string')).toBe(true);
  expect(bot.sandbox.world.commands.list('global')).toEqual([]);
  expect(bot.made()).toEqual([`GET ${ROUTE}`, `PUT ${ROUTE}`]);
  expect(bot.sandbox.violations).toEqual([]);
});

test('writes nothing when the same commands are there already', async () => {
  await using bot = await start();
  await bot.register();
  await bot.register();
  expect(bot.made()).toEqual([`GET ${ROUTE}`, `PUT ${ROUTE}`, `GET ${ROUTE}`]);
});

test('writes again when a description differs, and takes away what is no command any more', async () => {
  await using bot = await start();
  await bot.register();
  const [name, command] = [...registry.commands].find(([one]) => one === 'help') ?? [];
  if (name === undefined || command === undefined) throw new Error('no command help');
  await bot.register({ commands: new Map([[name, { ...command, description: 'Another' }]]), groups: new Map() });
  expect(bot.sandbox.world.commands.list('guild').map(({ description }) => description)).toEqual(['Another']);
});

test.each<readonly [string, Fault]>([
  ['a 500', { kind: 'fail-before', status: 500, times: 3 }],
  ['a 403', { kind: 'fail-before', status: 403, times: 3 }],
  ['a 500 on the write', { kind: 'fail-before', status: 500, method: 'PUT', times: 3 }],
  ['no answer', { kind: 'hang', times: 3 }],
  ['a long rate limit', { kind: 'rate-limit', retryAfterS: 5, times: 2 }],
])('goes on trying through %s, less and less often', async (_, fault) => {
  await using bot = await start(fault.kind === 'hang' ? { timeoutMs: 300 } : {});
  await bot.sandbox.faults.set(fault);
  const registering = bot.register();
  let done = false;
  void registering.then(() => (done = true));
  while (!done) {
    bot.clock.skip(500);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const waits = bot.log.lines.flatMap(({ level, fields }) => (level === 'error' ? [fields] : []));
  expect(waits.slice(0, 2)).toMatchObject([{ again: 2_000 }, { again: 4_000 }]);
  expect(bot.sandbox.world.commands.list('guild')).toHaveLength(5);
});

test('stops at once, though Discord does not answer, and complains of nothing', async () => {
  await using bot = await start();
  await bot.sandbox.faults.set({ kind: 'hang' });
  const registering = bot.register();
  await bot.sandbox.requests.waitFor(() => true);
  bot.stop();
  await registering;
  expect({ lines: bot.log.lines, sleepers: bot.clock.sleepers }).toEqual({ lines: [], sleepers: 0 });
});
