import type { Clock } from '../model/clock.ts';
import type { Change, ClusterChanges } from '../model/cluster-changes.ts';
import { formatWorkloadReference, type WorkloadReference } from '../model/workload-reference.ts';
import { ApiError } from './api-error.ts';
import type { KubernetesClient } from './client.ts';
import {
  type ChangeTarget,
  type ComposedChange,
  changeTargetSchema,
  composeRestart,
  composeScale,
} from './compose-change.ts';
import { JSON_PATCH } from './json-patch.ts';
import { pathOf } from './paths.ts';
import { waitOut } from './wait-out.ts';

/** So long it is looked and asked anew; what was sent then still has the client's own deadline. */
const ASK_FOR_MS = 15_000;
/** How often the object may move between a look and the change before it is left alone. */
const ATTEMPTS = 3;

/**
 * Changes workloads by one JSON Patch each, whose tests are what was seen. Only what certainly had no effect is tried again: a
 * 429, and a failed test (422), after another look. Needs `get` and `patch` on deployments and statefulsets.
 */
export function createClusterChanges({
  client,
  clock,
}: {
  readonly client: KubernetesClient;
  readonly clock: Clock;
}): ClusterChanges {
  return {
    scale: (change) => amend(change.reference, (target) => composeScale(target, change)),
    restart: (reference, uid, mark) => amend(reference, (target) => composeRestart(target, { reference, uid, mark })),
  };

  async function amend(
    reference: WorkloadReference,
    compose: (target: ChangeTarget) => ComposedChange,
  ): Promise<Change> {
    const name = formatWorkloadReference(reference);
    const path = ['deployment', 'statefulset'].includes(reference.kind) ? pathOf(reference) : null;
    if (path === null) return refused(`${name} is no workload: a deployment or a statefulset is.`);
    const giveUpAt = clock.now() + ASK_FOR_MS;
    let said = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const target = await look(path, giveUpAt);
      if ('kind' in target) return target;
      const composed = compose(target);
      if (composed.kind !== 'patch') return composed;
      const change = await send(path, composed, giveUpAt);
      if (change.kind !== 'moved') return change;
      said = change.said;
    }
    return refused(
      `Nothing was done: each of ${ATTEMPTS} times ${name} was no longer as it had just been seen. Try again. ${said}`,
    );
  }

  async function look(path: string, giveUpAt: number): Promise<ChangeTarget | Change> {
    try {
      return changeTargetSchema.parse(await waitOut(clock, giveUpAt, () => client.request({ path })));
    } catch (error) {
      const reason = error instanceof ApiError ? error.message : UNREADABLE;
      return refused(`Nothing was done, as it could not be looked at first. ${reason}`);
    }
  }

  async function send(
    path: string,
    { operations, holds }: Extract<ComposedChange, { kind: 'patch' }>,
    giveUpAt: number,
  ): Promise<Change | Moved> {
    try {
      const request = { method: 'PATCH', path, contentType: JSON_PATCH, body: operations } as const;
      const answer = await waitOut(clock, giveUpAt, () => client.request(request));
      const read = changeTargetSchema.safeParse(answer);
      if (read.success && holds(read.data)) return { kind: 'done' };
      return { kind: 'unknown', reason: 'The API server took the change, and answered with something else.' };
    } catch (error) {
      // Only the client's own faults say for certain that nothing happened.
      if (!(error instanceof ApiError)) return { kind: 'unknown', reason: UNREADABLE };
      if (error.outcomeUnknown) return { kind: 'unknown', reason: error.message };
      // A failed test names no field (golden 056); whatever else is invalid does.
      const isTest = error.status === 422 && error.causes.length === 0;
      return isTest ? { kind: 'moved', said: error.message } : refused(error.message);
    }
  }
}

/** A test failed: nothing was changed, and another look may tell why. */
interface Moved {
  readonly kind: 'moved';
  readonly said: string;
}

const UNREADABLE = 'What the API server answered cannot be read.';

function refused(reason: string): Change {
  return { kind: 'refused', reason };
}
