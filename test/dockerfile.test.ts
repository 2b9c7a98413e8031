import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const read = (file: string) => readFileSync(ROOT + file, 'utf8');

const instructions = read('Dockerfile')
  .replaceAll(/\\\n/gu, ' ')
  .split('\n')
  .filter((line) => /^[A-Z]/u.test(line))
  .map((line) => {
    const [word = '', ...rest] = line.split(/\s+/u);
    return { word, rest };
  });
const lineOf = (word: string) => instructions.filter((line) => line.word === word).map(({ rest }) => rest.join(' '));
const copied = instructions
  .filter(({ word, rest }) => word === 'COPY' && !rest[0]?.startsWith('--from='))
  .flatMap(({ rest }) => rest.slice(0, -1));

describe('the image', () => {
  test.each([...new Set(copied)])('copies %s, which exists', (source) => {
    expect(existsSync(ROOT + source)).toBe(true);
  });

  test('holds the program and nothing of the sandbox, the tests or the tools', () => {
    expect([...new Set(copied)].toSorted()).toEqual(['bin', 'commands', 'package-lock.json', 'package.json', 'src']);
  });

  test('cannot be given more than that: whatever is not copied stays out of the build context', () => {
    const [first, ...exceptions] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    expect(exceptions.toSorted()).toEqual([...new Set(copied)].map((source) => `!${source}`).toSorted());
  });

  test('runs on the major version of Node that the project is developed on', () => {
    const { optionalDependencies } = JSON.parse(read('tools/node/package.json')) as {
      optionalDependencies: Record<string, string>;
    };
    const majors = Object.values(optionalDependencies).map((version) => version.split('.')[0]);
    const images = lineOf('FROM').map((from) => /^node:(\d+)[\w.-]*-slim\b/u.exec(from)?.[1]);
    expect(new Set(images)).toEqual(new Set(majors));
  });

  test('runs the bot as an ordinary user, and ends it by SIGTERM', () => {
    expect(lineOf('USER')).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/u)]);
    expect(lineOf('STOPSIGNAL')).toEqual(['SIGTERM']);
    expect(JSON.parse(lineOf('CMD')[0] ?? '')).toEqual(['node', 'src/main.ts', 'run']);
    expect(existsSync(`${ROOT}src/main.ts`)).toBe(true);
  });

  test('names only files of the program', () => {
    const named = [...read('Dockerfile').matchAll(/\/app\/((?:src|commands|bin)\/[\w./-]+)/gu)].map(
      ([, file = '']) => file,
    );
    expect(named.filter((file) => !existsSync(ROOT + file))).toEqual([]);
  });
});

describe('without the development dependencies', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> };
  interface LockedPackage {
    readonly dev?: boolean;
    readonly link?: boolean;
    readonly dependencies?: Record<string, string>;
    readonly devDependencies?: Record<string, string>;
  }

  test('every package that the program imports is there', () => {
    const sources = ['src', 'commands'].flatMap((folder) =>
      readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => read(`${folder}/${file}`)),
    );
    const imported = sources.flatMap((text) =>
      [...text.matchAll(/^import (?!type )[^;]*?from '([^'.][^']*)'|\bimport\('([^'.][^']*)'\)/gmu)].map(
        ([, still, lazy]) => still ?? lazy ?? '',
      ),
    );
    const names = imported
      .filter((specifier) => !specifier.startsWith('node:') && !builtinModules.includes(specifier))
      .map((specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'));
    expect(names.length).toBeGreaterThan(0);
    const installed = packages['']?.dependencies ?? {};
    expect([...new Set(names)].filter((name) => !(name in installed))).toEqual([]);
  });

  test.each(['tools/node', 'tools/postgres', 'node_modules/typescript', 'node_modules/vitest'])('%s is not', (path) => {
    expect(packages[path]).toMatchObject({ dev: true });
  });

  test('nothing is wanted from a folder of the repository, which the image does not have', () => {
    const linked = Object.entries(packages).filter(([, { link }]) => link);
    const names = linked.map(([path]) => path.replace('node_modules/', ''));
    expect(names.filter((name) => !(name in (packages['']?.devDependencies ?? {})))).toEqual([]);
  });
});
