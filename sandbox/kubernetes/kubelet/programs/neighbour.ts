import type { Program } from '../program.ts';
import { runProcess } from '../run-process.ts';

/** An image that has nothing to do with PostgreSQL: it is there, and says so. */
export const neighbourProgram: Program = {
  stopSignal: 'SIGTERM',
  async start({ print }) {
    const { child: _, ...started } = runProcess(
      ['sh', '-c', 'echo "Ready to accept connections"; exec sleep infinity'],
      {},
      print,
    );
    return { ...started, ready: Promise.resolve() };
  },
};
