import type { OrphanReport } from '../../model/orphan.ts';
import { groupByRollout, type OrphanRollout } from '../../model/orphan-rollouts.ts';
import { describeAge, describeMoment } from '../describe-age.ts';
import { describeRollout } from '../describe-vanished.ts';
import { judge } from '../judge.ts';
import { type Rule, type Standing, unknownFinding } from '../rule.ts';

/** The incident of 2020-12-11: connections of pods that no longer existed, never closed (product.md §1). */
export default {
  id: 'connections-orphaned',
  scope: 'cluster',
  severity: 'warning',
  for: '2m',
  summary:
    'Sessions hold connections for pods that are gone: their address lies in the pod networks, and no live pod has it.',
  firstStep:
    'End them with /db kill-stale: nobody uses them. Then ask why that application leaves its sessions behind.',
  inhibitedBy: [{ by: 'database-unreachable', mutes: 'repeats' }],
  options: {
    fire: { type: 'count', default: 10, meaning: 'Fires at this many orphaned sessions.' },
    clear: { type: 'count', default: 5, meaning: 'Resolves below it.' },
  },
  evaluate({ place: { orphans } }, settings) {
    if (orphans === null) return [];
    if (!orphans.ok) return [unknownFinding(SUBJECT, `the orphaned sessions are unknown: ${orphans.reason}`)];
    const report = orphans.value;
    // Nobody is fewer than nobody: with `clear: 0` it would never resolve.
    const standing = doubt(
      judge(report.count, settings.fire.value, Math.max(1, settings.clear.value)),
      report,
      settings,
    );
    return [
      {
        subject: SUBJECT,
        standing,
        value: report.count,
        fireAt: settings.fire.value,
        unit: 'count',
        headline: standing === 'unknown' ? describeDoubt(report) : describe(report),
        evidence: describeGroups(report),
        impact: '',
      },
    ];
  },
} satisfies Rule;

const SUBJECT = 'orphaned';
const SHOWN = 4;

/** Too low a count never proves that a threshold is not passed: as many may be nobody's whose owner cannot be told. */
function doubt(standing: Standing, { count, unknown }: OrphanReport, { fire }: { fire: { value: number } }): Standing {
  return standing === 'clear' && unknown > 0 && count + unknown >= fire.value ? 'unknown' : standing;
}

function describeDoubt({ count, unknown }: OrphanReport): string {
  return `${count} orphaned sessions are known, and whose ${unknown} others are cannot be told`;
}

function describe({ count, groups, watchedSince }: OrphanReport): string {
  const rollouts = groupByRollout(groups);
  const [largest] = rollouts;
  if (largest === undefined) return 'no session is orphaned';
  const oldestMs = Math.max(0, ...groups.map(({ oldestMs: ms }) => ms));
  const who = rollouts.length === 1 ? 'all' : `${largest.count}`;
  return `${count} orphaned ${count === 1 ? 'session' : 'sessions'}, the oldest ${describeAge(oldestMs)}: ${who} of ${describeRollout(largest, watchedSince)}`;
}

function describeGroups({ groups, watchedSince, reused }: OrphanReport): string {
  const rollouts = groupByRollout(groups);
  const moments = new Set(groups.map(({ pod }) => (pod === null ? null : describeMoment(pod.vanishedAt))));
  const [moment = null] = moments;
  const together = moments.size === 1 && moment !== null && groups.length > 1;
  const shown = rollouts.slice(0, SHOWN).map((rollout) => describeOne(rollout, watchedSince, together));
  const left = rollouts.length - shown.length;
  return [
    ...(shown.length === 0 ? [] : [`By pod: ${shown.join('; ')}${left > 0 ? ` and ${left} more` : ''}.`]),
    ...(together ? [`All are gone since ${moment}.`] : []),
    ...(reused === 0 ? [] : [`${reused} more are older than the pod that has their address now: never ended here.`]),
  ].join(' ');
}

/** One pod's name at least: with it people find its logs and its events. */
function describeOne(rollout: OrphanRollout, watchedSince: number, together: boolean): string {
  const { groups, count } = rollout;
  const [largest] = groups;
  const pod = largest?.pod ?? null;
  const gone = groups.flatMap((group) => (group.pod === null ? [] : [group.pod.vanishedAt]));
  const names = groups.flatMap(({ applications }) => applications.map(({ name }) => name));
  const who = [...new Set(names)].filter((name) => name !== pod?.owner?.name).slice(0, 2);
  return [
    `${count} of ${describeRollout(rollout, watchedSince)}`,
    ...(groups.length > 1 && pod !== null ? [`, as ${pod.name}`] : []),
    ...(together || gone.length === 0 ? [] : [`, gone since ${describeMoment(Math.max(...gone))}`]),
    ...(who.length === 0 ? [] : [` (${who.join(', ')})`]),
  ].join('');
}
