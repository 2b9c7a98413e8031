import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ChildOutput {
  readonly stdout: string;
  /** From the spawn to the first thing it wrote. */
  readonly firstOutputMs: number;
}

/** Runs a file of bench/children on this Node with nothing of our environment but the path; throws when it fails. */
export function runChild(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ChildOutput> {
  const script = fileURLToPath(new URL(`children/${file}`, import.meta.url));
  const begun = performance.now();
  // The kernel ends it with us, however we end (facts.md, PostgreSQL 18).
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', process.execPath, script, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr, firstOutputMs] = ['', '', Number.NaN];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (stdout === '') firstOutputMs = performance.now() - begun;
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      if (status === 0) resolve({ stdout, firstOutputMs });
      else reject(new Error(`${file} ${args.join(' ')} ended with ${status}: ${stderr.trim()}`));
    });
  });
}
