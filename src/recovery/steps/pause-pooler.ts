import {
  actResume,
  checkResume,
  NO_POOLER,
  PAUSE_WORDS,
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
      say: 'Waits until no server connection is in use. It must say PAUSE. From now on clients wait, each until its query_wait_timeout (120 s unless it is set), and get an error then.',
      run: poolerByHand(params, 'PAUSE'),
      otherwise:
        '"already suspended/paused": somebody else did it; look below. Not back after 30 s: press Ctrl-C, and resume it at once, in another terminal if need be, as newcomers wait meanwhile. Go on without it: its clients get errors while the server is away.',
    },
    {
      say: 'Looks: (0 rows), as it holds no connection to the server any more.',
      run: poolerByHand(params, 'SHOW SERVERS'),
    },
  ],
  async check({ tools: { pooler } }) {
    if (pooler === null) return { kind: 'blocked', saw: NO_POOLER };
    const pause = await pooler.readPause();
    // Older ones do not tell; to pause what is paused does nothing.
    if (!pause.ok) return { kind: 'ready', saw: `whether PgBouncer is paused is not known: ${pause.reason}` };
    return { kind: pause.value === 'paused' ? 'acted' : 'ready', saw: PAUSE_WORDS[pause.value] };
  },
  act: async ({ tools: { pooler } }) =>
    pooler === null ? { kind: 'refused', reason: NO_POOLER } : await pooler.pause(WITHIN_MS),
  async verify({ tools: { pooler } }) {
    if (pooler === null) return { kind: 'failed', saw: NO_POOLER };
    const pause = await pooler.readPause();
    if (!pause.ok) return { kind: 'unknown', saw: `PgBouncer's console gives no answer: ${pause.reason}` };
    return pause.value === 'paused'
      ? { kind: 'holds', saw: 'PgBouncer keeps its clients waiting' }
      : { kind: 'waiting', saw: PAUSE_WORDS[pause.value] };
  },
  undo: {
    title: ({ host, port }) => `Resume PgBouncer at ${host}:${port}`,
    manual: RESUME_BY_HAND,
    check: ({ tools }) => checkResume(tools),
    act: ({ tools }) => actResume(tools),
    verify: ({ tools }) => verifyResume(tools),
  },
} satisfies RecoveryStep<PoolerParams>;
