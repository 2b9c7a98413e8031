import { z } from 'zod';
import type { Change } from '../../model/cluster-changes.ts';
import { psql } from '../manual-commands.ts';
import { endOrphans } from '../manual-orphans.ts';
import { countSessions, endSessions } from '../manual-sessions.ts';
import { END_KINDS, judgeShown, readShown, type ShownNow } from '../sessions-to-end.ts';
import type { ManualCommand, RecoveryStep, Standing, StepCall, Verified } from '../step.ts';
import { ownersSchema, serverSchema } from '../step-params.ts';

const paramsSchema = z.object({
  /** Of `owners` the last. */
  application: z.string(),
  kind: z.enum(END_KINDS),
  owners: ownersSchema,
  protect: z.array(z.string()),
  server: serverSchema,
});
type Params = z.infer<typeof paramsSchema>;

/** Ends exactly sessions that were shown, as far as each still may be: `shown` is their list, frozen when it was planned. */
export default {
  kind: 'terminate-sessions',
  summary: 'Ends sessions of an application that were listed in the preview, and no others.',
  params: paramsSchema,
  // 1,000 are gone in 1.04 s (facts.md, PostgreSQL 10); the rest is for an active one that notices late.
  deadlineMs: 30_000,
  skip: 'The sessions keep their slots, and whoever needs a new one may find none.',
  title: ({ application, kind }) =>
    kind === 'idle'
      ? `End the idle sessions of ${application} that were listed`
      : `End the sessions of ${application} that outlived their pods`,
  manual: describeManual,
  check,
  act,
  verify,
} satisfies RecoveryStep<Params>;

async function check(call: StepCall<Params>): Promise<Standing> {
  const now = await lookAgain(call);
  if (now.kind !== 'seen') return now;
  const { left } = now;
  if (left.length === 0) return { kind: 'acted', saw: now.saw };
  const obstacle = await call.tools.actions.readObstacle();
  if (obstacle === null) return { kind: 'ready', saw: now.saw };
  const saw = `no session can be ended: ${obstacle.reason}. ${obstacle.remedy}`;
  return { kind: obstacle.kind === 'unreachable' ? 'unknown' : 'blocked', saw };
}

/** Everything is read once more: between the check and the act something may have come back. */
async function act(call: StepCall<Params>): Promise<Change> {
  const now = await lookAgain(call);
  if (now.kind !== 'seen') return { kind: 'refused', reason: now.saw };
  if (now.left.length === 0) return { kind: 'done' };
  const { fates } = await call.tools.actions.terminate(now.left.map(({ target }) => target));
  const doubtful = fates.filter(({ fate }) => fate === 'failed' || fate === 'unknown');
  const reasons = [...new Set(doubtful.map(({ reason }) => reason ?? 'no reason was given'))];
  if (doubtful.length === 0) return { kind: 'done' };
  return { kind: 'unknown', reason: `${doubtful.length} of ${fates.length} may still be there: ${reasons.join('; ')}` };
}

async function verify(call: StepCall<Params>): Promise<Verified> {
  const now = await lookAgain(call);
  if (now.kind === 'blocked') return { kind: 'failed', saw: now.saw };
  if (now.kind === 'unknown') return now;
  return { kind: now.left.length === 0 ? 'holds' : 'waiting', saw: now.saw };
}

type Left = Extract<ShownNow, { kind: 'left' }>;
type LookedAgain =
  | { readonly kind: 'seen'; readonly left: readonly Left[]; readonly saw: string }
  | { readonly kind: 'unknown'; readonly saw: string }
  | { readonly kind: 'blocked'; readonly saw: string };

async function lookAgain({ params, shown, tools }: StepCall<Params>): Promise<LookedAgain> {
  const listed = readShown(shown);
  if (listed === null) return { kind: 'blocked', saw: 'the list of sessions that was shown cannot be read: plan anew' };
  const sessions = await tools.actions.readDetails();
  if (!sessions.ok) return { kind: 'unknown', saw: `the sessions cannot be read: ${sessions.reason}` };
  // The pooler and the pods after the sessions: what was opened or started in between is on their lists, and not on ours.
  const poolerPids = await tools.actions.readPoolerPids();
  if (!poolerPids.ok)
    return { kind: 'unknown', saw: `which sessions are the pooler's cannot be told: ${poolerPids.reason}` };
  const look = {
    sessions: sessions.value,
    sessionsAt: sessions.at,
    poolerPids,
    applications: params.owners,
    protect: [...params.protect, ...tools.protect],
  };
  const pods = params.kind === 'leftovers' ? await tools.cluster.list() : null;
  const now = judgeShown(listed, params, { ...look, pods });
  if (pods !== null && !(pods.ok && pods.at >= sessions.at) && now.some(({ kind }) => kind === 'spared'))
    return {
      kind: 'unknown',
      saw: `nobody is ended, as the pods are not known: ${pods.ok ? 'an old list' : pods.reason}`,
    };
  return { kind: 'seen', left: now.filter((each) => each.kind === 'left'), saw: describe(now) };
}

function describe(now: readonly ShownNow[]): string {
  const count = (kind: ShownNow['kind']) => now.filter((each) => each.kind === kind).length;
  const reasons = [...new Set(now.flatMap((each) => (each.kind === 'spared' ? [each.why] : [])))];
  const more = reasons.length > 3 ? ` and ${reasons.length - 3} more reasons` : '';
  const spared = reasons.length === 0 ? '' : `, ${count('spared')} spared (${reasons.slice(0, 3).join('; ')}${more})`;
  return `${now.length} were listed: ${count('gone')} gone, ${count('left')} left${spared}`;
}

function describeManual({ application, kind, owners, protect, server }: Params): readonly ManualCommand[] {
  if (kind === 'leftovers') return endOrphans({ owners, protect, server });
  const scope = { owners, protect, where: "state = 'idle'" };
  return [
    { say: `Counts the idle sessions of ${application}.`, run: psql(server, countSessions(scope)) },
    {
      say: 'Ends them, whatever is idle at that moment, and prints each with t.',
      run: psql(server, `${endSessions(scope)};`),
    },
    {
      say: 'Counts again: (0 rows), or only a few new ones.',
      run: psql(server, countSessions(scope)),
      otherwise:
        'As many as before: it opens them faster than they are ended. Is the limit of its role in force? Else go on with the next rung.',
    },
  ];
}
