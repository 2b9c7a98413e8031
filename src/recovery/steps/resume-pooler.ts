import {
  actResume,
  checkResume,
  type PoolerParams,
  poolerParams,
  RESUME_BY_HAND,
  verifyResume,
} from '../resume-paused.ts';
import type { RecoveryStep } from '../step.ts';

export default {
  kind: 'resume-pooler',
  summary: 'Has PgBouncer let its clients go on.',
  params: poolerParams,
  deadlineMs: 15_000,
  takesBack: 'pause-pooler',
  skip: 'Its clients go on waiting until somebody resumes it by hand.',
  title: ({ host, port }) => `Resume PgBouncer at ${host}:${port}`,
  manual: RESUME_BY_HAND,
  check: ({ tools }) => checkResume(tools),
  act: ({ tools }) => actResume(tools),
  verify: ({ tools }) => verifyResume(tools),
} satisfies RecoveryStep<PoolerParams>;
