import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Stage } from '../stage/set-stage.ts';

/** What watches or follows would hold the terminal for ever. */
const ENDS_WITHIN_MS = 15_000;

/** Runs the kubectl of this machine against the stage's cluster and gives what it wrote; where there is none, says how one would. */
export async function runKubectl(
  stage: Stage,
  args: readonly string[],
  path = process.env['PATH'] ?? '',
): Promise<string> {
  const file = await writeKubeconfig(stage);
  const own = `In a terminal of your own: export KUBECONFIG=${file}`;
  const program = path
    .split(delimiter)
    .map((each) => join(each, 'kubectl'))
    .find((each) => existsSync(each));
  if (program === undefined) return `There is no kubectl in the PATH. ${own}`;
  if (args.length === 0) return `kubectl get pods works here. ${own}`;
  const { text, late } = await run(program, args, { ...process.env, KUBECONFIG: file, KUBECACHEDIR: `${file}-cache` });
  return late ? `${text}\n(ended after ${ENDS_WITHIN_MS / 1_000} s. ${own})` : text.trimEnd();
}

/** In the server's directory, which its keeper removes whatever becomes of us; gives where. */
async function writeKubeconfig({ cluster, postgres }: Stage): Promise<string> {
  if (cluster === null) throw new Error('the stage has no cluster');
  const directory = join(dirname(postgres.dataDirectory), 'admin');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'kubeconfig');
  await writeFile(file, cluster.kubernetes.kubeconfig(), { mode: 0o600 });
  return file;
}

function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly text: string; readonly late: boolean }> {
  return new Promise((resolve, reject) => {
    // The kernel ends it with us, however we end.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: ENDS_WITHIN_MS,
      killSignal: 'SIGKILL',
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
    child.once('error', reject);
    child.once('close', (_, signal) => resolve({ text, late: signal === 'SIGKILL' }));
  });
}
