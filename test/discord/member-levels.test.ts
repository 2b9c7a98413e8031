import { expect, test } from 'vitest';
import type { Fault } from '../../sandbox/discord/faults.ts';
import { createMemberLevels } from '../../src/discord/member-levels.ts';
import { createRest } from '../../src/discord/rest.ts';
import { startApi } from '../sandbox/discord/api.ts';

async function start() {
  const api = await startApi();
  const { sandbox } = api;
  const rest = createRest({ apiUrl: sandbox.apiUrl, token: sandbox.token, timeoutMs: 500, longestWaitMs: 0 });
  const { observe, respond, recover } = sandbox.roles;
  const roles = { observe: [observe], respond: [respond], recover: [recover] };
  return {
    sandbox,
    readLevel: createMemberLevels(rest, sandbox.guildId, roles),
    elsewhere: createMemberLevels(rest, '100000000000000009', roles),
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

test.each([
  ['olive', 'observe'],
  ['rosa', 'respond'],
  ['remy', 'recover'],
  ['vic', null],
] as const)('tells what %s may do: %s', async (name, level) => {
  await using discord = await start();
  expect(await discord.readLevel(discord.sandbox.members[name])).toEqual({ ok: true, level });
});

test('a role that is taken away is gone at the next look', async () => {
  await using discord = await start();
  const { sandbox, readLevel } = discord;
  expect(await readLevel(sandbox.members.remy)).toEqual({ ok: true, level: 'recover' });
  sandbox.setRoles('remy', ['respond', 'onCall']);
  expect(await readLevel(sandbox.members.remy)).toEqual({ ok: true, level: 'respond' });
  sandbox.setRoles('remy', []);
  expect(await readLevel(sandbox.members.remy)).toEqual({ ok: true, level: null });
});

test('who has left may do nothing', async () => {
  await using discord = await start();
  expect(await discord.readLevel('100000000000000077')).toEqual({ ok: true, level: null });
});

test('who is no member by their id is not asked for', async () => {
  await using discord = await start();
  expect(await discord.readLevel('root at the terminal')).toMatchObject({ ok: false });
  expect(await discord.readLevel('../../users/@me')).toMatchObject({ ok: false });
  expect(discord.sandbox.requests.items).toEqual([]);
});

test('a guild without the bot tells nothing', async () => {
  await using discord = await start();
  expect(await discord.elsewhere(discord.sandbox.members.remy)).toMatchObject({ ok: false });
});

test.each<readonly [string, Fault]>([
  ['a 502', { kind: 'fail-before' }],
  ['a 403', { kind: 'fail-before', status: 403 }],
  ['a 404', { kind: 'fail-before', status: 404 }],
  ['a refused token', { kind: 'unauthorized' }],
  ['a cut connection', { kind: 'drop', when: 'before' }],
  ['no answer', { kind: 'hang' }],
  ['a rate limit', { kind: 'rate-limit', retryAfterS: 7 }],
])('after %s nobody knows, and it says why', async (_, fault) => {
  await using discord = await start();
  const clear = await discord.sandbox.faults.set(fault);
  expect(await discord.readLevel(discord.sandbox.members.remy)).toEqual({
    ok: false,
    reason: expect.stringMatching(/Discord|rate limited/),
  });
  await clear();
});

const REMY = '100000000000000015';
const member = (id: string, roles: unknown) => ({ user: { id }, roles });

test.each<readonly [string, unknown, boolean]>([
  ['the member', member(REMY, ['9']), true],
  ['another member', member('100000000000000016', ['9']), false],
  ['no roles', member(REMY, undefined), false],
  ['a page of a proxy', '<html>', false],
  ['nothing', null, false],
])('believes no answer but one of that member: %s', async (_, answer, isBelieved) => {
  const roles = { observe: [], respond: [], recover: ['9'] };
  const readLevel = createMemberLevels({ get: async () => answer }, '1', roles);
  expect((await readLevel(REMY)).ok).toBe(isBelieved);
});
