import { expect, test } from 'vitest';
import type { CommandOption } from '../../src/discord/command.ts';
import { describeCommands, registerCommands } from '../../src/discord/register-commands.ts';
import type { Registry } from '../../src/discord/registry.ts';
import { createRest } from '../../src/discord/rest.ts';
import { startApi } from '../sandbox/discord/api.ts';

const ANY = { description: 'd', access: 'respond', answer: 'private', run: async () => ({}) } as const;
const OPTIONS = [
  { name: 'kind', description: 'Which sessions', choices: ['orphaned', 'idle'] },
  { name: 'database', description: 'Which', autocomplete: () => ['main'] },
  { name: 'text', description: 'What happened', required: true },
] as const satisfies readonly CommandOption[];

function registryOf(options: readonly CommandOption[]): Registry {
  return { commands: new Map([['db kill', { ...ANY, options }]]), groups: new Map([['db', 'Databases']]) };
}

async function start() {
  const api = await startApi();
  const { sandbox } = api;
  const rest = createRest({ apiUrl: sandbox.apiUrl, token: sandbox.token });
  return {
    sandbox,
    register: (options: readonly CommandOption[]) =>
      registerCommands(rest, sandbox, describeCommands(registryOf(options)), new AbortController().signal),
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

test('an option is completed, or one of its choices, or free text; the required ones come first', async () => {
  await using bot = await start();
  expect(await bot.register(OPTIONS)).toBe(true);
  const [db] = bot.sandbox.world.commands.list('guild');
  expect(db?.options?.[0]?.options).toMatchObject([
    { name: 'text', required: true },
    {
      name: 'kind',
      choices: [
        { name: 'orphaned', value: 'orphaned' },
        { name: 'idle', value: 'idle' },
      ],
    },
    { name: 'database', autocomplete: true },
  ]);
  expect(db?.options?.[0]?.options?.map(({ autocomplete }) => autocomplete ?? false)).toEqual([false, false, true]);
  expect(bot.sandbox.violations).toEqual([]);
});

test('nothing is written again for the same options, as Discord gives them back', async () => {
  await using bot = await start();
  await bot.register(OPTIONS);
  expect(await bot.register(OPTIONS)).toBe(false);
});

test.each<readonly [string, readonly CommandOption[]]>([
  ['a choice', [{ ...OPTIONS[0], choices: ['orphaned'] }, OPTIONS[1], OPTIONS[2]]],
  ['the order of choices', [{ ...OPTIONS[0], choices: ['idle', 'orphaned'] }, OPTIONS[1], OPTIONS[2]]],
  ['what is required', [OPTIONS[0], OPTIONS[1], { ...OPTIONS[2], required: false }]],
  ['what is completed', [OPTIONS[0], { name: 'database', description: 'Which' }, OPTIONS[2]]],
])('they are written again when %s differs', async (_, changed) => {
  await using bot = await start();
  await bot.register(OPTIONS);
  expect(await bot.register(changed)).toBe(true);
});
