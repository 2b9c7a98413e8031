import { formatDuration } from '../../model/duration.ts';
import { type Check, fine, optional } from '../check.ts';

export default {
  area: 'postgres',
  scope: 'database',
  summary: 'A hint where `idle_in_transaction_session_timeout` is off.',
  judge({ settings }, { name }) {
    const { idleInTransactionMs: ms } = settings;
    const subject = `${name}: idle in transaction`;
    if (ms > 0) return [fine(subject, `the server ends them after ${formatDuration(ms)}`)];
    return [
      optional(subject, {
        what: 'the server never ends them by itself; the alert idle-in-transaction tells',
        why: 'A forgotten transaction keeps its slot and its locks, and holds vacuum back.',
        mend: `ALTER SYSTEM SET idle_in_transaction_session_timeout = '10min';\nSELECT pg_reload_conf();`,
      }),
    ];
  },
} satisfies Check;
