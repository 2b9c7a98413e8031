import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BIN = join(ROOT, 'bin/breakwater.js');
/** Makes this Node pass for an old one, so that the test needs no second Node. */
const AS_NODE_20 = [
  '--import',
  "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.19.0'}})",
];
const run = promisify(execFile);

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'breakwater-bin-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** A package with the real bin, the program given, and a Node beside it. */
async function installProgram(program: string): Promise<string> {
  await mkdir(join(directory, 'bin'));
  await mkdir(join(directory, 'src'));
  await mkdir(join(directory, 'node_modules/.bin'), { recursive: true });
  await cp(BIN, join(directory, 'bin/breakwater.js'));
  await writeFile(join(directory, 'package.json'), '{"type":"module"}');
  await writeFile(join(directory, 'src/main.ts'), program);
  await symlink(process.execPath, join(directory, 'node_modules/.bin/node'));
  return join(directory, 'bin/breakwater.js');
}

it('runs the program', async () => {
  const { stdout } = await run(process.execPath, [BIN, 'config-schema']);
  expect(JSON.parse(stdout)).toHaveProperty('properties.databases');
});

it('runs it on the Node beside the package when started by an old one, arguments and exit status passed on', async () => {
  const bin = await installProgram(
    'const args: string[] = process.argv.slice(2); console.log(args.join("+")); process.exitCode = 7;',
  );
  const { status, stdout } = spawnSync(process.execPath, [...AS_NODE_20, bin, 'a', '--b'], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 7, stdout: 'a+--b\n' });
});

it('says what to do when there is no newer Node', async () => {
  const bin = await installProgram('');
  await rm(join(directory, 'node_modules/.bin/node'));
  const { status, stderr } = spawnSync(process.execPath, [...AS_NODE_20, bin], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain('breakwater needs Node 24 or newer, this is 20.19.0: run "npm ci"');
});

it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('passes %s on and ends as the program does', async (signal) => {
  const bin = await installProgram(
    `process.on('${signal}', () => process.exit(5)); setInterval(() => undefined, 1000); console.log('ready');`,
  );
  const child = spawn(process.execPath, [...AS_NODE_20, bin], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([5, null]);
});

it('dies of the signal that the program died of', async () => {
  const bin = await installProgram("setInterval(() => undefined, 1000); console.log('ready');");
  const child = spawn(process.execPath, [...AS_NODE_20, bin], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
});

it('starts by npx from the root of the project, without a network and without installing', async () => {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => !entry.endsWith('node_modules/.bin'));
  const env = {
    ...process.env,
    PATH: path.join(delimiter),
    npm_config_cache: directory,
    npm_config_registry: 'http://127.0.0.1:9/',
  };
  const { stdout } = await run('npx', ['--no', 'breakwater', 'config-schema'], { cwd: ROOT, env });
  expect(JSON.parse(stdout)).toHaveProperty('properties.databases');
});
