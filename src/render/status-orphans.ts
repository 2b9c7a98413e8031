import { describeRollout } from '../alerts/describe-vanished.ts';
import { formatDuration } from '../model/duration.ts';
import type { Observed } from '../model/observed.ts';
import type { OrphanReport } from '../model/orphan.ts';
import { groupByRollout, type OrphanRollout } from '../model/orphan-rollouts.ts';
import type { ClusterPlace } from '../model/place.ts';
import { alignCounts } from './align-counts.ts';
import { joinLines } from './join-lines.ts';
import type { EmbedField } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

/** Those that there are stand above everything else: ending them may be all that there is to do. Pure. */
export function renderPresentOrphans(place: ClusterPlace): EmbedField[] {
  return place.orphans !== null && hasOrphans(place) ? [fieldOfOrphans(place.orphans)] : [];
}

/** Whether there is one for certain. Pure. */
export function hasOrphans({ orphans }: ClusterPlace): boolean {
  return orphans?.ok === true && orphans.value.count > 0;
}

/** By rollout, and how many are in doubt; why, where that is unknown. Pure. */
export function fieldOfOrphans(orphans: Observed<OrphanReport>): EmbedField {
  const count = orphans.ok && orphans.value.count > 0 ? `: ${orphans.value.count}` : '';
  return { name: `Orphaned sessions${count}`, value: joinLines(renderOrphans(orphans), 800) };
}

const MOST_GROUPS = 4;
const MOST_PODS = 3;

function renderOrphans(orphans: Observed<OrphanReport>): readonly string[] {
  if (!orphans.ok) return [`unknown: ${escapeUntrusted(orphans.reason, 120)}`];
  const { groups, count, unknown: doubtful, reused, watchedSince } = orphans.value;
  const rollouts = groupByRollout(groups);
  const shown = rollouts.slice(0, MOST_GROUPS).map((rollout): [number, string] => {
    const who = escapeUntrusted(describeRollout(rollout, watchedSince), 90);
    return [rollout.count, `of ${who}, the oldest ${formatDuration(rollout.oldestMs)}${namePods(rollout)}`];
  });
  const left = rollouts.slice(MOST_GROUPS).reduce((sum, rollout) => sum + rollout.groups.length, 0);
  return [
    ...(count === 0 ? ['none'] : alignCounts(shown)),
    ...(left > 0 ? [`-# and of ${left} more ${left === 1 ? 'pod' : 'pods'}`] : []),
    ...(doubtful > 0 ? [`-# ${doubtful} more whose owner is unknown: never ended here`] : []),
    ...(reused > 0 ? [`-# ${reused} more whose address a newer pod has now: never ended here`] : []),
  ];
}

/** The pods of a rollout of several, under its line; one pod is named in it. */
function namePods({ groups }: OrphanRollout): string {
  const pods = groups.flatMap(({ pod, count }) => (pod === null ? [] : [`${count} ${escapeUntrusted(pod.name, 40)}`]));
  if (pods.length < 2) return '';
  const left = pods.length - MOST_PODS;
  return `\n-# ${pods.slice(0, MOST_PODS).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
