import { formatDuration } from '../../model/duration.ts';
import { type Check, fine, type Judgement, warning } from '../check.ts';

/** A leak that frees itself within this needs no incident. */
const SOON_MS = 10 * 60_000;
const RELOAD = 'SELECT pg_reload_conf();';

/** facts.md, PostgreSQL 12: with the defaults of Linux an orphan holds its slot for 7,875 s. */
export default {
  area: 'postgres',
  scope: 'database',
  summary: 'The server notices vanished clients within minutes: TCP keepalives, `client_connection_check_interval`.',
  judge({ settings }, { name }) {
    const { keepalive, clientCheckMs } = settings;
    const findings: Judgement[] = [];
    if (keepalive !== null) {
      const noticedMs = (keepalive.idleS + keepalive.intervalS * keepalive.count) * 1_000;
      findings.push(
        noticedMs <= SOON_MS
          ? fine(`${name}: keepalives`, `a vanished client is noticed after ${formatDuration(noticedMs)}`)
          : warning(`${name}: keepalives`, {
              what: `a client that vanishes is noticed after ${formatDuration(noticedMs)} (tcp_keepalives_idle = ${keepalive.idleS} s)`,
              why: `The sessions of a pod that is gone hold their slots for so long: that is how long the incident lasts.`,
              mend: `ALTER SYSTEM SET tcp_keepalives_idle = 60;\nALTER SYSTEM SET tcp_keepalives_interval = 10;\nALTER SYSTEM SET tcp_keepalives_count = 6;\n${RELOAD}`,
            }),
      );
    }
    if (clientCheckMs !== null)
      findings.push(
        clientCheckMs > 0
          ? fine(
              `${name}: client check`,
              `a statement whose client is gone ends after ${formatDuration(clientCheckMs)}`,
            )
          : warning(`${name}: client check`, {
              what: 'client_connection_check_interval is 0: a statement runs on when its client is gone',
              why: 'A query that nobody waits for any more keeps its slot and its locks until it ends by itself.',
              mend: `ALTER SYSTEM SET client_connection_check_interval = '10s';\n${RELOAD}`,
            }),
      );
    return findings;
  },
} satisfies Check;
