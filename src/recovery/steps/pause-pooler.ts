import {
  actResume,
  checkResume,
  NO_POOLER,
  type PoolerParams,
  poolerByHand,
  poolerParams,
  RESUME_BY_HAND,
  verifyResume,
} from '../resume-paused.ts';
import type { RecoveryStep } from '../step.ts';

/** So long PgBouncer may wait for transactions to end; then it resumes, as newcomers wait meanwhile (facts.md, PostgreSQL 16). */
const WITHIN_MS = 30_000;

export default {
  kind: 'pause-pooler',
  summary: 'Has PgBouncer keep its clients waiting, so that they notice a delay and no error.',
  params: poolerParams,
  deadlineMs: 15_000,
  skip: 'Its clients get errors while the server is away, and all of them come at once when it is back.',
  holdsClients: true,
  title: ({ host, port }) => `Pause PgBouncer at ${host}:${port}`,
  manual: (params) => [
    {
      say: 'Waits until no server connection is in use. It must say PAUSE.',
      run: poolerByHand(params, 'PAUSE'),
      otherwise:
        'Not back after 30 s: press Ctrl-C, and resume it at once, in another terminal if need be, as newcomers wait meanwhile. Go on without it: its clients get errors while the server is away.',
    },
    { say: 'Looks: "paused" must be 1 in every line of a database.', run: poolerByHand(params, 'SHOW DATABASES') },
  ],
  async check({ tools: { pooler } }) {
    if (pooler === null) return { kind: 'blocked', saw: NO_POOLER };
    const paused = await pooler.readPaused();
    // Older ones do not tell when nobody is connected; to pause what is paused does nothing.
    if (!paused.ok) return { kind: 'ready', saw: `whether PgBouncer is paused is not known: ${paused.reason}` };
    return paused.value
      ? { kind: 'acted', saw: 'PgBouncer is paused' }
      : { kind: 'ready', saw: 'PgBouncer is not paused' };
  },
  act: async ({ tools: { pooler } }) =>
    pooler === null ? { kind: 'refused', reason: NO_POOLER } : await pooler.pause(WITHIN_MS),
  async verify({ tools: { pooler } }) {
    if (pooler === null) return { kind: 'failed', saw: NO_POOLER };
    const paused = await pooler.readPaused();
    if (!paused.ok) return { kind: 'unknown', saw: `PgBouncer's console gives no answer: ${paused.reason}` };
    return paused.value
      ? { kind: 'holds', saw: 'PgBouncer keeps its clients waiting' }
      : { kind: 'waiting', saw: 'PgBouncer is not paused' };
  },
  undo: {
    title: ({ host, port }) => `Resume PgBouncer at ${host}:${port}`,
    manual: RESUME_BY_HAND,
    check: ({ tools }) => checkResume(tools),
    act: ({ tools }) => actResume(tools),
    verify: ({ tools }) => verifyResume(tools),
  },
} satisfies RecoveryStep<PoolerParams>;
