import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Who may import whom: docs/architecture.md in a form that fails. A room may always import itself. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'src/model': [],
  'src/config': ['src/model'],
  'src/log': ['src/model'],
  'src/time': ['src/model'],
  'src/catalogue': [],
  'src/postgres': ['src/model'],
  'src/kubernetes': ['src/model'],
  'src/watch': ['src/model', 'src/time'],
  'src/journal': ['src/model', 'src/time'],
  'src/probes': ['src/model', 'src/time'],
  'src/alerts': ['src/model', 'src/catalogue', 'src/journal'],
  'src/confirmations': ['src/model', 'src/journal'],
  'src/backups': ['src/model', 'src/journal'],
  'src/incidents': ['src/model', 'src/alerts', 'src/journal'],
  'src/recovery': ['src/model', 'src/catalogue', 'src/journal'],
  'src/render': ['src/model', 'src/alerts', 'src/confirmations', 'src/incidents', 'src/recovery'],
  'src/delivery': ['src/model', 'src/time', 'src/alerts', 'src/incidents', 'src/recovery', 'src/render', 'src/journal'],
  'src/operations': ['src/model', 'src/alerts', 'src/watch', 'src/confirmations', 'src/incidents', 'src/recovery'],
  'src/http': ['src/model', 'src/time', 'src/alerts', 'src/operations'],
  'src/discord': ['src/model', 'src/time', 'src/catalogue', 'src/delivery', 'src/operations', 'src/render'],
  'src/check': ['src/model', 'src/config', 'src/catalogue'],
  'src/cli': ['src/model', 'src/config', 'src/operations', 'src/check'],
  commands: ['src/operations', 'src/model', 'src/render', 'src/recovery', 'src/discord'],
};

/** The files that wire everything together: `main` owns the process, each `bot-…` wires a part. */
const COMPOSITION_ROOT = { has: (file: string) => /^src\/(main|bot(-[a-z]+)?)\.ts$/.test(file) };

/** Each SDK is imported in one room. */
const SDK_ROOMS: Readonly<Record<string, string>> = {
  '@discordjs/rest': 'src/discord',
  '@discordjs/ws': 'src/discord',
  undici: 'src/discord',
  'discord-api-types/v10': 'src/discord',
  pg: 'src/postgres',
  'prom-client': 'src/http',
  'node:sqlite': 'src/journal',
  '@kubernetes/client-node': 'src/kubernetes',
  '@resvg/resvg-js': 'src/render',
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, directory), { recursive: true });
  return entries.filter((file) => file.endsWith('.ts')).map((file) => posix.join(directory, file));
}

async function readImports(file: string): Promise<Import[]> {
  const text = await readFile(join(ROOT, file), 'utf8');
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/gm);
  return [...statements].map(([, type, named, dynamic]) => {
    const specifier = named ?? dynamic ?? '';
    const to = specifier.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), specifier)) : specifier;
    return { from: file, to, typeOnly: type !== undefined };
  });
}

function roomOf(file: string): string {
  const parts = file.split('/');
  return parts[0] === 'src' ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

const files = [...(await listFiles('src')), ...(await listFiles('commands'))];
const imports = (await Promise.all(files.map(readImports))).flat();

describe('the rooms of the house', () => {
  it('import only the rooms that the table allows', () => {
    const trespasses = imports
      .filter(({ from, to }) => !COMPOSITION_ROOT.has(from) && (to.startsWith('src/') || to.startsWith('commands/')))
      .filter(({ from, to }) => roomOf(from) !== roomOf(to) && !ROOMS[roomOf(from)]?.includes(roomOf(to)));
    expect(trespasses).toEqual([]);
  });

  it('are all in the table', () => {
    const unknown = files.filter((file) => !COMPOSITION_ROOT.has(file) && !(roomOf(file) in ROOMS));
    expect(unknown).toEqual([]);
  });

  it('keep each SDK to one of them', () => {
    const rooms = Object.entries(SDK_ROOMS);
    const roomsOf = (to: string) => rooms.filter(([sdk]) => to === sdk || to.startsWith(`${sdk}/`));
    const strays = imports.filter(({ from, to }) => roomsOf(to).some(([, room]) => room !== roomOf(from)));
    expect(strays).toEqual([]);
  });

  it('let commands see types only of the Discord room, and never an SDK', () => {
    const strays = imports
      .filter(({ from }) => from.startsWith('commands/'))
      .filter(({ from, to, typeOnly }) =>
        to.startsWith('src/discord/')
          ? !typeOnly || to !== 'src/discord/command.ts'
          : // What commands of one folder share stands in a file that is no command: `_….ts`.
            !to.startsWith('src/') && !to.startsWith(`${dirname(from)}/_`),
      );
    expect(strays).toEqual([]);
  });

  it('import no one in a circle, types included', () => {
    const next = Map.groupBy(imports, ({ from }) => from);
    const reaches = (from: string, goal: string, visited = new Set<string>()): boolean =>
      (next.get(from) ?? []).some(({ to }) => {
        if (to === goal) return true;
        if (visited.has(to)) return false;
        visited.add(to);
        return reaches(to, goal, visited);
      });
    expect(files.filter((file) => reaches(file, file))).toEqual([]);
  });

  it('know nothing of the sandbox', async () => {
    const texts = await Promise.all(
      files.map(async (file) => [file, await readFile(join(ROOT, file), 'utf8')] as const),
    );
    expect(texts.filter(([, text]) => /sandbox/i.test(text)).map(([file]) => file)).toEqual([]);
  });

  it('leave the environment to main', async () => {
    const texts = await Promise.all(
      files.map(async (file) => [file, await readFile(join(ROOT, file), 'utf8')] as const),
    );
    const readers = texts.filter(([file, text]) => file !== 'src/main.ts' && /process\.env/.test(text));
    expect(readers.map(([file]) => file)).toEqual([]);
  });

  it('have no file that does not fit in the head', async () => {
    const everywhere = [
      ...files,
      ...(await listFiles('sandbox')),
      ...(await listFiles('test')),
      ...(await listFiles('bench')),
    ];
    const lengths = await Promise.all(
      everywhere.map(async (file) => [file, (await readFile(join(ROOT, file), 'utf8')).split('\n').length] as const),
    );
    expect(lengths.filter(([, lines]) => lines > 300)).toEqual([]);
  });
});
