import { crash, holdRecovery, letRecover, writeMuch } from '../postgres/crash.ts';
import { openQuietSessions, type Stage } from '../stage/set-stage.ts';
import type { WorldVerb } from './parse-line.ts';
import { withPatience } from './patience.ts';

const LEAK_PER_SECOND = 20;
const MOST_LEAKED = 200;
/** A frozen server answers nobody who opens a session: the next line must be read all the same. */
const PATIENCE_MS = 15_000;
const COUNTS_WITHIN_MS = 5_000;

/** Does to the world what a person asks for; gives what is true afterwards, in a sentence. */
export async function changeWorld(stage: Stage, verb: WorldVerb, count: number | null): Promise<string> {
  const done = await withPatience(PATIENCE_MS, ACTS[verb](stage, count));
  if (done === 'late') return `That takes long, and goes on: ${verb}.`;
  if (verb === 'outage' || verb === 'back') return `Discord is ${verb === 'outage' ? 'down' : 'back'}.`;
  if (verb === 'freeze')
    return 'The postmaster is frozen: who is in stays in, nobody else gets an answer. The alert takes half a minute; thaw ends it.';
  if (verb === 'hang')
    return 'The postmaster and every backend stand still: nobody gets an answer, and no stop signal is heeded. thaw ends it; so does kill -9, once the grace of its pod has passed.';
  if (verb === 'oom')
    return 'The server was killed for want of memory and started again; it recovers from that, which stands still until thaw.';
  if (verb === 'crash') return 'PostgreSQL recovers from a crash, and that stands still until thaw.';
  return withPatience(COUNTS_WITHIN_MS, stage.observer.count()).then(
    (now) => (now === 'late' ? 'PostgreSQL answers nobody.' : `PostgreSQL now holds ${now} sessions.`),
    (error: unknown) => `PostgreSQL lets nobody in: ${error instanceof Error ? error.message : String(error)}.`,
  );
}

const ACTS: Readonly<Record<WorldVerb, (stage: Stage, count: number | null) => Promise<unknown>>> = {
  leak: async ({ leakers: [leaker] }, count) => {
    if (leaker === undefined) throw new Error('site has no pod that could leak: scale site 3.');
    return leaker.leak(Math.min(count ?? 20, MOST_LEAKED), LEAK_PER_SECOND);
  },
  fill: ({ superuser }, count) => superuser.open(count ?? 3),
  kill: ({ leakers, superuser }) => Promise.all([...leakers, superuser].map((player) => player.terminateAll())),
  quiet: (stage) => openQuietSessions(stage, { used: true }),
  freeze: ({ postgres }) => postgres.freeze(),
  hang: ({ postgres }) => postgres.hang(),
  async crash({ postgres, observer }) {
    const backend = await observer.backendOf('site');
    if (backend === null) throw new Error('site has no backend that could be killed: type quiet first.');
    await writeMuch(postgres);
    await crash(postgres, backend);
  },
  async oom({ postgres, cluster }) {
    if (cluster === null)
      throw new Error('Only a kubelet starts it again, and this stage has none: crash is the like of it.');
    await writeMuch(postgres);
    cluster.killServerForMemory();
    await holdRecovery(() => postgres.pid);
  },
  async thaw({ postgres }) {
    await postgres.thaw();
    letRecover(postgres);
  },
  outage: ({ discord }) => discord.faults.set({ kind: 'down' }),
  back: ({ discord }) => discord.faults.clear(),
};
