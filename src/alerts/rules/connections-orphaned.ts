import type { OrphanGroup, OrphanReport } from '../../model/orphan.ts';
import { describeAge, describeMoment } from '../describe-age.ts';
import { describeVanished } from '../describe-vanished.ts';
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
  const [largest] = groups;
  if (largest === undefined) return 'no session is orphaned';
  const oldestMs = Math.max(0, ...groups.map(({ oldestMs: ms }) => ms));
  const who = groups.length === 1 ? 'all' : `${largest.count}`;
  return `${count} orphaned ${count === 1 ? 'session' : 'sessions'}, the oldest ${describeAge(oldestMs)}: ${who} of ${describeVanished(largest, watchedSince)}`;
}

function describeGroups({ groups, watchedSince, reused }: OrphanReport): string {
  const shown = groups.slice(0, SHOWN).map((group) => describeGroup(group, watchedSince));
  const left = groups.length - shown.length;
  return [
    ...(shown.length === 0 ? [] : [`By pod: ${shown.join('; ')}${left > 0 ? ` and ${left} more` : ''}.`]),
    ...(reused === 0 ? [] : [`${reused} more are older than the pod that has their address now: never ended here.`]),
  ].join(' ');
}

function describeGroup(group: OrphanGroup, watchedSince: number): string {
  const { pod, count, applications } = group;
  const who = applications.map((application) => application.name).slice(0, 2);
  const since = pod === null ? '' : `, gone since ${describeMoment(pod.vanishedAt)}`;
  return `${count} of ${describeVanished(group, watchedSince)}${since}${who.length === 0 ? '' : ` (${who.join(', ')})`}`;
}
