import { environmentOf, type Program } from '../program.ts';
import { runProcess } from '../run-process.ts';

/** Says what a backup says; how long it takes and how it ends is written in its container's environment. */
const SCRIPT = `
echo "dumping $PGDATABASE"
setpriv --pdeathsig KILL sleep "\${BACKUP_SECONDS:-0.5}"
if [ "\${BACKUP_STATUS:-0}" != 0 ]; then echo "pg_dump: error: \${BACKUP_ERROR:-connection to server failed}" >&2; exit "$BACKUP_STATUS"; fi
echo "size_bytes=\${BACKUP_BYTES:-48213504}"
echo "backup complete"
`;

/** The image of a Job that makes a backup: it runs for a moment, prints `size_bytes=…` and exits 0. */
export const backupProgram: Program = {
  stopSignal: 'SIGTERM',
  async start({ container, print }) {
    const { child: _, ...started } = runProcess(['sh', '-c', SCRIPT], environmentOf(container), print);
    return { ...started, ready: Promise.resolve() };
  },
};
