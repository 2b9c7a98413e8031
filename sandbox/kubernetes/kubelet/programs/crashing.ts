import type { Program } from '../program.ts';
import { runProcess } from '../run-process.ts';

/** What every image does while a scenario wants it to crash. */
export const crashingProgram: Program = {
  stopSignal: 'SIGTERM',
  async start({ print }) {
    const script = 'echo "KeyError: DATABASE_URL" >&2; exit 1';
    const { child: _, ...started } = runProcess(['sh', '-c', script], {}, print);
    return { ...started, ready: new Promise(() => {}) };
  },
};
