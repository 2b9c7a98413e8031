import { z } from 'zod';
import { DEFAULT_OLDER_THAN_MS } from '../../model/stale-criteria.ts';
import { psql } from '../manual-commands.ts';
import { endOrphans } from '../manual-orphans.ts';
import { countSessions, endSessions, staleFor } from '../manual-sessions.ts';
import type { ManualCommand, RecoveryStep } from '../step.ts';
import { ownersSchema, serverSchema } from '../step-params.ts';

const paramsSchema = z.object({
  /** In the order of the configuration. */
  owners: ownersSchema,
  protect: z.array(z.string()),
  server: serverSchema,
});
type Params = z.infer<typeof paramsSchema>;

const SEND = 'Run /db kill-stale: it lists the sessions one by one, and ends exactly those.';

/** For the runbook: the bot itself ends stale sessions through /db kill-stale, which has a preview of its own (product.md §6). */
export default {
  kind: 'terminate-stale',
  summary: 'Ends sessions that nobody uses any more: orphaned, idle, or idle in transaction.',
  params: paramsSchema,
  deadlineMs: 1_000,
  skip: null,
  title: () => 'End stale sessions',
  manual: describeManual,
  check: async () => ({ kind: 'blocked', saw: SEND }),
  act: async () => ({ kind: 'refused', reason: SEND }),
  verify: async () => ({ kind: 'failed', saw: SEND }),
} satisfies RecoveryStep<Params>;

/** The limits are those of /db kill-stale where nobody asks for others. */
const STALE = staleFor({
  idleMs: DEFAULT_OLDER_THAN_MS.idle,
  inTransactionMs: DEFAULT_OLDER_THAN_MS['idle-in-transaction'],
});

function describeManual({ protect, server }: Params): readonly ManualCommand[] {
  const anybody = { owners: null, protect };
  const stale = { ...anybody, where: STALE };
  return [
    {
      say: 'Lists who has been idle for 10 min, or idle in transaction for 5 min, by role.',
      run: psql(server, countSessions(stale)),
      otherwise: '(0 rows): nobody is stale, go on with the addresses.',
    },
    {
      say: 'For each role above whose sessions may go: put it in place of NOBODY. It ends whoever is stale then, and prints each with t.',
      run: psql(server, `${endSessions({ ...stale, where: `${STALE}\n  and usename = :'role'` })};`, {
        role: 'NOBODY',
      }),
      otherwise: 'An error about permissions: run it as a superuser (PGUSER).',
    },
    ...endOrphans({ ...anybody, server }),
  ];
}
