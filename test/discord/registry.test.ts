import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { describeCommands } from '../../src/discord/register-commands.ts';
import { loadRegistry } from '../../src/discord/registry.ts';

const COMMANDS = new URL('../../commands/', import.meta.url);
const USABLE = `export default { description: 'd', access: 'observe', answer: 'private', run: async () => ({}) };\n`;

const withPart = (part: string): string => `const run = async () => ({});\n${USABLE.replace(' };', `, ${part} };`)}`;
const withOption = (part: string): string => withPart(`options: [{ name: 'kind', description: 'd', ${part} }]`);

let directory = '';
afterEach(() => rm(directory, { recursive: true, force: true }));

async function layOut(files: Readonly<Record<string, string>>): Promise<URL> {
  directory = await mkdtemp(join(tmpdir(), 'breakwater-commands-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return pathToFileURL(`${directory}/`);
}

describe('the registry of commands', () => {
  it('names each command by its path', async () => {
    const registry = await loadRegistry(COMMANDS);
    expect([...registry.commands.keys()]).toEqual(expect.arrayContaining(['db status', 'help']));
  });

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['has no default export', { 'a.ts': 'export const b = 1;\n' }, /a\.ts: has no default export/],
    ['does not parse', { 'a.ts': 'export default {;\n' }, /a\.ts: /],
    ['has no such access', { 'a.ts': USABLE.replace('observe', 'root') }, /a\.ts: its access must be one of/],
    ['has no description', { 'a.ts': USABLE.replace("'d'", "''") }, /a\.ts: its description/],
    ['has no run()', { 'a.ts': USABLE.replace('run:', 'ran:') }, /a\.ts: has no run/],
    ['has an impossible name', { 'A b.ts': USABLE }, /A b\.ts: its path is not a command name/],
    ['lies too deep', { 'a/b/c.ts': USABLE }, /its path is not a command name/],
    [
      'has too many choices',
      { 'a.ts': withOption(`choices: Array.from({ length: 26 }, (_, i) => 'c' + i)`) },
      /choices/,
    ],
    ['has no choices in them', { 'a.ts': withOption('choices: []') }, /option kind has no usable choices/],
    ['has one choice twice', { 'a.ts': withOption(`choices: ['a', 'a']`) }, /option kind has no usable choices/],
    ['has a choice that is too long', { 'a.ts': withOption(`choices: ['x'.repeat(101)]`) }, /no usable choices/],
    ['completes its choices', { 'a.ts': withOption(`choices: ['a'], autocomplete: () => []`) }, /completes them too/],
    ['asks without a form', { 'a.ts': withPart('ask: () => null') }, /asks in a form, and takes none/],
    ['has a button for nobody', { 'a.ts': withPart(`buttons: { go: { answer: 'edit', run } }`) }, /go has no access/],
    [
      'has an idle button',
      { 'a.ts': withPart(`buttons: { go: { access: 'respond', answer: 'form', run } }`) },
      /nothing/,
    ],
    ['has a form for nobody', { 'a.ts': withPart(`forms: { go: { answer: 'edit', run } }`) }, /form go has no access/],
    ['has an idle form', { 'a.ts': withPart(`forms: { go: { access: 'respond' } }`) }, /form go has no run/],
    ['has an action that leads nowhere', { 'a.ts': withPart(`forms: { 'a:b': { access: 'respond', run } }`) }, /"a:b"/],
    ['is in a group without description', { 'a/b.ts': USABLE }, /_group\.ts/],
  ])('fails loudly when a file %s', async (_, files, message) => {
    await expect(loadRegistry(await layOut(files))).rejects.toThrow(message);
  });

  it('names every faulty file at once', async () => {
    const faulty = await layOut({ 'a.ts': 'export {};\n', 'b.ts': USABLE, 'c.ts': 'export {};\n' });
    await expect(loadRegistry(faulty)).rejects.toThrow(/a\.ts[\s\S]*c\.ts/);
  });
});

describe('the commands as registered', () => {
  it('put a group and its files into one command with subcommands', async () => {
    const bodies = describeCommands(await loadRegistry(COMMANDS));
    const optionsOf = (top: string) => bodies.find(({ name }) => name === top)?.options?.map(({ name }) => name);
    expect(optionsOf('db')).toContain('status');
    expect(optionsOf('help')).toEqual([]);
    expect(bodies.map(({ name }) => name)).not.toContain('status');
  });

  it('are hidden from ordinary members, every one', async () => {
    const bodies = describeCommands(await loadRegistry(COMMANDS));
    expect(bodies.every((body) => typeof body.default_member_permissions === 'string')).toBe(true);
  });
});
