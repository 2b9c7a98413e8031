import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Json } from '../../journal/journal.ts';
import { isTerminal } from '../../model/cluster.ts';
import { podsOf } from '../../model/pods-of.ts';
import type { Workload } from '../../model/workload.ts';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import { findFault } from '../application-workload.ts';
import { kubectl } from '../manual-commands.ts';
import { objectOf } from '../scale-by-hand.ts';
import type { RecoveryStep, Standing, StepCall, Verified } from '../step.ts';
import { workloadReferenceSchema } from '../step-params.ts';

const paramsSchema = z.object({ workload: workloadReferenceSchema });
type Params = z.infer<typeof paramsSchema>;

/** `mark`: what the annotation becomes; `pods`: those that must go. */
const noteSchema = z.object({ uid: z.string(), mark: z.string(), pods: z.array(z.string()) });

export default {
  kind: 'restart-rollout',
  summary: 'Replaces the pods of a workload, as `kubectl rollout restart` does.',
  params: paramsSchema,
  // progressDeadlineSeconds of a Deployment, where nobody sets it: Kubernetes itself gives up then.
  deadlineMs: 600_000,
  skip: null,
  title: ({ workload }) => `Restart ${formatWorkloadReference(workload)}, pod by pod`,
  manual: ({ workload }) => {
    const object = objectOf(workload);
    const on = (...words: readonly string[]) => kubectl(workload.namespace, ...words);
    return [
      { say: 'Replaces its pods. It must say "restarted".', run: on('rollout', 'restart', object) },
      {
        say: 'Waits until all of them are new and ready; 10 min at most. It must end with "successfully rolled out".',
        run: on('rollout', 'status', object, '--timeout=10m'),
        otherwise: `The new pods do not come up: ${on('rollout', 'undo', object)} takes the old version back.`,
      },
      {
        say: 'Lists its pods: AGE tells of none that is older than the restart.',
        run: on('get', 'pods', '-o', 'wide'),
      },
    ];
  },
  check,
  act: ({ params: { workload }, own, tools }) => {
    const note = readNote(own);
    return note === null
      ? Promise.resolve({ kind: 'refused', reason: 'what is to be restarted was not noted' })
      : tools.changes.restart(workload, note.uid, note.mark);
  },
  verify,
} satisfies RecoveryStep<Params>;

async function check({ params, own, tools }: StepCall<Params>): Promise<Standing> {
  const name = formatWorkloadReference(params.workload);
  const found = await tools.objects.readWorkload(params.workload);
  if (!found.ok) return { kind: 'unknown', saw: `${name} cannot be read: ${found.reason}` };
  if (found.value === null) return { kind: 'blocked', saw: `${name} is not in the cluster` };
  const { uid, rollout } = found.value;
  if (isMarkOf(tools.runId, rollout.restartedAt)) return { kind: 'acted', saw: describe(found.value), note: own };
  const fault = findFault(found.value);
  if (fault !== null) return { kind: 'blocked', saw: fault };
  // The same mark again: the first try may still be on its way, and is then no second restart.
  const noted = readNote(own);
  if (noted?.uid === uid) return { kind: 'ready', saw: describe(found.value), note: noted };
  const state = await tools.cluster.list();
  if (!state.ok) return { kind: 'unknown', saw: `the pods of ${name} cannot be listed: ${state.reason}` };
  const pods = podsOf(params.workload, state.value).map((pod) => pod.uid);
  return {
    kind: 'ready',
    saw: describe(found.value),
    note: { uid, mark: markOf(tools.runId, tools.clock.now()), pods },
  };
}

/** The API server's word first, then the pods themselves: a status does not count those that are Terminating. */
async function verify({ params, own, tools }: StepCall<Params>): Promise<Verified> {
  const name = formatWorkloadReference(params.workload);
  const note = readNote(own);
  if (note === null) return { kind: 'failed', saw: `which pods ${name} had before was not noted: look by hand` };
  const found = await tools.objects.readWorkload(params.workload);
  if (!found.ok) return { kind: 'unknown', saw: `${name} cannot be read: ${found.reason}` };
  if (found.value === null) return { kind: 'failed', saw: `${name} is not in the cluster any more` };
  if (found.value.uid !== note.uid) return { kind: 'failed', saw: `${name} was made anew meanwhile` };
  const { desired, rollout } = found.value;
  if (!isMarkOf(tools.runId, rollout.restartedAt))
    return { kind: 'waiting', saw: `${name} does not bear the restart yet` };
  const { observed, updated, total, available } = rollout;
  if (!observed || updated !== desired || total !== desired || available < desired)
    return { kind: 'waiting', saw: describe(found.value) };
  const state = await tools.cluster.list();
  if (!state.ok) return { kind: 'unknown', saw: `the pods of ${name} cannot be listed: ${state.reason}` };
  const old = state.value.pods.filter((pod) => note.pods.includes(pod.uid) && !isTerminal(pod));
  if (old.length > 0) return { kind: 'waiting', saw: `old pods are left: ${old.map((pod) => pod.name).join(', ')}` };
  return { kind: 'holds', saw: `${describe(found.value)}, no old pod is left` };
}

/**
 * A stamp as kubectl writes it (RFC 3339), with the run in its nanoseconds: people read when, and one run is known by its
 * mark whenever it is looked for.
 */
function markOf(runId: string, now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}.${nanosecondsOf(runId)}Z`;
}

function isMarkOf(runId: string, restartedAt: string | null): boolean {
  return restartedAt?.endsWith(`.${nanosecondsOf(runId)}Z`) === true;
}

function nanosecondsOf(runId: string): string {
  const digest = createHash('sha256').update(runId).digest().readUInt32BE(0);
  return String(digest % 1_000_000_000).padStart(9, '0');
}

function describe({ desired, rollout: { updated, total, available } }: Workload): string {
  return `${desired} wanted, ${updated} new, ${total} in total, ${available} available`;
}

function readNote(own: Json): z.infer<typeof noteSchema> | null {
  const parsed = noteSchema.safeParse(own);
  return parsed.success ? parsed.data : null;
}
