import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { chooseRunAs } from '../../../sandbox/postgres/run-as.ts';

/** A program that starts a server and says what a crash must not leave behind. */
const PROGRAM = `
  import { parentPort } from 'node:worker_threads';
  import { startPostgres } from ${JSON.stringify(new URL('../../../sandbox/postgres/start-postgres.ts', import.meta.url).href)};
  const server = await startPostgres();
  const said = JSON.stringify({ pid: server.pid, dataDirectory: server.dataDirectory });
  if (parentPort) parentPort.postMessage(said); else console.log(said);
  setInterval(() => {}, 1000);
`;
const ARGUMENTS = ['--input-type=module', '--eval', PROGRAM];

it('a program killed with kill -9 leaves neither server nor data', async () => {
  const program = spawn(process.execPath, ARGUMENTS, { cwd: repository() });
  const server = await readServer(program);
  program.kill('SIGKILL');
  await expectGone(server);
});

it('a program killed with its whole process group leaves neither server nor data', async () => {
  const program = spawn(process.execPath, ARGUMENTS, { cwd: repository(), detached: true });
  const server = await readServer(program);
  process.kill(-Number(program.pid), 'SIGKILL');
  await expectGone(server);
});

it('a worker thread that is terminated leaves neither server nor data', async () => {
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(PROGRAM)}`));
  const [said] = (await once(worker, 'message')) as [string];
  const server = JSON.parse(said) as Left;
  expect(existsSync(server.dataDirectory)).toBe(true);
  await worker.terminate();
  await expectGone(server);
});

it('a program that forgets to close its server ends all the same', async () => {
  const program = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM.replace(/setInterval.*/, '')], {
    cwd: repository(),
  });
  const exit = once(program, 'exit');
  const server = await readServer(program);
  expect(await exit).toEqual([0, null]);
  await expectGone(server);
});

it('serves an ordinary user as well as root', async () => {
  const self = process.getuid?.() ?? 0;
  const { uid } = chooseRunAs();
  const become = self === 0 ? ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'] : ['env'];
  const [command = 'env', ...rest] = become;
  const program = spawn(command, [...rest, process.execPath, ...ARGUMENTS], { cwd: repository() });
  const server = await readServer(program);
  program.kill('SIGKILL');
  await expectGone(server);
});

interface Left {
  readonly pid: number;
  readonly dataDirectory: string;
}

function repository(): string {
  return fileURLToPath(new URL('../../../', import.meta.url));
}

async function readServer(program: ChildProcess): Promise<Left> {
  if (program.stdout === null || program.stderr === null) throw new Error('the program has no output');
  let complaint = '';
  program.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  for await (const line of createInterface({ input: program.stdout })) {
    const server = JSON.parse(line) as Left;
    expect(server.dataDirectory).toMatch(/\/data$/);
    return server;
  }
  throw new Error(`the program said nothing: ${complaint}`);
}

async function expectGone({ pid, dataDirectory }: Left): Promise<void> {
  await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 15_000 }).toBe(false);
  await expect.poll(() => existsSync(dataDirectory.replace(/\/data$/, '')), { timeout: 15_000 }).toBe(false);
}
