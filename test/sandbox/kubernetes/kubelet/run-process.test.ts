import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { comesToHold } from '../../../../sandbox/drill/see-alerts.ts';

const RUN_PROCESS = fileURLToPath(new URL('../../../../sandbox/kubernetes/kubelet/run-process.ts', import.meta.url));

/** As in `S`, `T` (stopped) or `Z`; null when there is no such process. */
function stateOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2);
  } catch {
    return null;
  }
}

it('leaves no process behind when its parent is killed, a frozen one neither', async () => {
  const script = `
    import { runProcess } from ${JSON.stringify(RUN_PROCESS)};
    const start = () => runProcess(['sleep', '1000'], {}, () => {});
    const [frozen, other] = [start(), start()];
    setTimeout(() => { frozen.freeze(); console.log(frozen.pid + ' ' + other.pid) }, 200);
    setInterval(() => {}, 1000)`;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await new Promise<[string]>((resolve) => {
    createInterface({ input: parent.stdout }).once('line', (text) => resolve([text]));
  });
  const [frozen = 0, other = 0] = line.split(' ').map(Number);
  expect(await comesToHold(() => stateOf(frozen) === 'T')).toBe(true);
  expect(stateOf(other)).toBe('S');
  parent.kill('SIGKILL');
  const isGone = (pid: number): boolean => [null, 'Z'].includes(stateOf(pid));
  expect(await comesToHold(() => isGone(frozen) && isGone(other))).toBe(true);
});
