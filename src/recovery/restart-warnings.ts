import { formatWorkloadReference } from '../model/workload-reference.ts';
import { isGitOps } from './application-workload.ts';
import type { RecoveryFacts } from './facts.ts';
import { countOf } from './holders.ts';
import type { Restartable } from './restartable.ts';

/** What the preview of a restart calls out. `listed`: sessions that may be ended; null: none is, it is replaced pod by pod. Pure. */
export function findWarnings(
  facts: RecoveryFacts,
  { application, workload, held }: Restartable,
  listed: number | null,
): readonly string[] {
  const { settings, scalers, orphans } = facts;
  const { name } = application;
  const reference = formatWorkloadReference(workload.reference);
  const { observed, updated } = workload.rollout;
  const gitOps = workload.managers.filter(isGitOps);
  const sharers = settings.applications.filter((each) => each.name !== name && each.workload === application.workload);
  const orphaned = orphans?.ok === true ? countOrphans(orphans.value.groups, name) : 0;
  const scaler =
    scalers?.ok === true
      ? scalers.value.find(({ target }) => formatWorkloadReference(target) === reference)
      : undefined;
  return [
    ...(listed === null || listed === held
      ? []
      : [
          `Of its ${countOf(held, 'session')} ${listed} may be ended when its pods are gone; the others are not of its pods, or protected.`,
        ]),
    ...(listed === null && orphaned > 0
      ? [`${countOf(orphaned, 'session')} of ${name} are orphaned, and no restart ends them: use kill-stale for these.`]
      : []),
    ...(observed && updated >= workload.desired ? [] : [`A rollout of ${reference} is under way already.`]),
    ...(workload.ready === 0 ? [`No pod of ${reference} is ready now.`] : []),
    ...(gitOps.length === 0
      ? []
      : [`${reference} is kept by ${gitOps.join(', ')}, which may put it back meanwhile: suspend that first.`]),
    ...(scaler === undefined
      ? []
      : [`The autoscaler ${scaler.name} sets the replicas of ${reference} too, and may change them meanwhile.`]),
    ...(scalers?.ok === false ? [`Whether an autoscaler works on ${reference} is not known: ${scalers.reason}`] : []),
    ...(sharers.length === 0
      ? []
      : [`${reference} is also the workload of ${sharers.map((each) => each.name).join(', ')}.`]),
    ...(listed !== null && settings.pgbouncer !== null ? ['Sessions that PgBouncer holds are left alone.'] : []),
  ];
}

function countOrphans(
  groups: readonly { readonly applications: readonly { readonly name: string; readonly count: number }[] }[],
  application: string,
): number {
  return groups
    .flatMap(({ applications }) => applications)
    .filter(({ name }) => name === application)
    .reduce((sum, { count }) => sum + count, 0);
}
