import { z } from 'zod';
import { type Admission, NOBODY_TRIES, VERDICT_MEANINGS, type Verdict } from '../../model/admission.ts';
import type { Observed } from '../../model/observed.ts';
import { psql } from '../manual-commands.ts';
import { countFree } from '../manual-sessions.ts';
import type { RecoveryStep, StepTools, Verified } from '../step.ts';

type Params = z.infer<typeof params>;
const params = z.object({ host: z.string(), port: z.number(), database: z.string() });

export default {
  kind: 'await-admission',
  summary: 'Waits until an ordinary client gets in, twice in a row. Starting up and crash recovery are progress.',
  params,
  // Replaying the WAL of one checkpoint_timeout takes minutes; on a slow disk more.
  deadlineMs: 30 * 60_000,
  // So long nobody may get in with no recovery under way: counted anew from each look that saw one.
  stallsAfterMs: 5 * 60_000,
  verifiesByWriting: true,
  skip: 'Clients may be released onto a server that lets nobody in.',
  title: ({ host, port }) => `Wait until ${host}:${port} lets ordinary clients in`,
  manual: (connection) => [
    {
      say: 'Tries every 5 s until the server answers, and prints how it is: "recovering" must be f, and "free" be 1 or more. Run it twice.',
      run: `until ${psql(connection, countFree)}\ndo sleep 5; done`,
      otherwise:
        '"starting up" or "recovery": wait, also for half an hour, and do not restart it. A password or a name is refused: as before any rung; a port-forward ends with the old server, start it anew. Nothing but refusals or timeouts for 5 min: read the log of its pod. Ctrl-C ends it.',
    },
  ],
  check: async () => ({ kind: 'acted', saw: 'asks as an ordinary client does' }),
  act: async () => ({ kind: 'done' }),
  async verify({ tools }) {
    const first = judge(await tools.admit());
    if (first === 'nobody-tries') return await inferByWriting(tools);
    if (first !== 'in') return first;
    const second = judge(await tools.admit());
    if (second === 'in') return { kind: 'holds', saw: 'admitted twice in a row' };
    return second === 'nobody-tries' ? { kind: 'unknown', saw: 'nobody tries any more' } : second;
  },
} satisfies RecoveryStep<Params>;

/** 57P03 that ends by itself: it never counts as failure (product.md §7). */
const PROGRESS: ReadonlySet<Verdict> = new Set(['starting', 'crash-recovery']);
/** These no waiting mends. */
const HOPELESS: ReadonlySet<Verdict> = new Set(['auth-refused', 'no-such-database', 'tls-failed', 'read-only']);

function judge(observed: Observed<Admission>): 'in' | 'nobody-tries' | Verified {
  if (!observed.ok)
    return observed.reason === NOBODY_TRIES ? 'nobody-tries' : { kind: 'unknown', saw: observed.reason };
  const { verdict } = observed.value;
  if (verdict === 'admitted') return 'in';
  const { fact, next } = VERDICT_MEANINGS[verdict];
  if (PROGRESS.has(verdict)) return { kind: 'waiting', saw: `${fact}: this is progress`, progress: true };
  return HOPELESS.has(verdict) ? { kind: 'failed', saw: `${fact}. ${next}` } : { kind: 'waiting', saw: fact };
}

async function inferByWriting({ server }: StepTools): Promise<Verified> {
  const written = await server.probeWrite();
  return written.ok
    ? {
        kind: 'holds',
        saw: "inferred: no canary role is configured; the bot's own connection got in and wrote, ordinary clients were not tried",
      }
    : { kind: 'waiting', saw: `no canary role is configured, and the bot itself gets no answer: ${written.reason}` };
}
