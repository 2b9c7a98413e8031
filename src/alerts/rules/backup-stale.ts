import type { Backups } from '../../model/backup.ts';
import { formatDuration } from '../../model/duration.ts';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import { describeMoment } from '../describe-age.ts';
import { type Rule, unknownFinding } from '../rule.ts';

/** On the evening of 2020-12-11 no recent backup was at hand (product.md §1). */
export default {
  id: 'backup-stale',
  scope: 'cluster',
  severity: 'warning',
  for: '0s',
  summary: 'The last successful backup is older than `backup.maxAge`, or there is none.',
  firstStep: 'See with /db backup-status what became of the last ones, and start one with /db backup-run.',
  options: {},
  evaluate({ place: { backups }, now }) {
    if (backups === null) return [];
    const { found, maxAgeMs } = backups;
    if (!found.ok) return [unknownFinding(SUBJECT, `the backups are unknown: ${found.reason}`)];
    if (found.value === null) {
      const base = { subject: SUBJECT, value: null, fireAt: null, evidence: '', impact: '' };
      return [{ ...base, standing: 'firing', headline: 'no backup: its CronJob does not exist', firstStep: MISSING }];
    }
    const { lastSuccessAt } = found.value;
    const ageMs = lastSuccessAt === null ? null : Math.max(0, now - lastSuccessAt);
    const stale = ageMs === null || ageMs > maxAgeMs;
    const firstStep = stale ? chooseStep(found.value) : null;
    return [
      {
        subject: SUBJECT,
        standing: stale ? 'firing' : 'clear',
        value: ageMs,
        fireAt: maxAgeMs,
        unit: 'duration',
        headline: describe(lastSuccessAt, stale, maxAgeMs),
        evidence: describeJobs(found.value),
        impact: '',
        ...(firstStep !== null && { firstStep }),
      },
    ];
  },
} satisfies Rule;

const SUBJECT = 'backup';
const MISSING = 'Apply its CronJob again, or correct `backup.cronJob` in the configuration.';
const SUSPENDED = 'Find out who suspended it and why, let it run again, and start one now with /db backup-run.';
const RUNNING = 'One is running: wait for it, and see with /db backup-status what became of it.';

/** In a moment, not an age: the text stays as it is while time goes by. */
function describe(lastSuccessAt: number | null, stale: boolean, maxAgeMs: number): string {
  if (lastSuccessAt === null) return 'no backup has ever succeeded, as far as is known';
  const last = `the last successful backup ended at ${describeMoment(lastSuccessAt)}`;
  return stale ? `${last}, more than ${formatDuration(maxAgeMs)} ago` : last;
}

function chooseStep({ jobs, suspended }: Backups): string | null {
  if (jobs.some(({ state }) => state === 'running')) return RUNNING;
  return suspended ? SUSPENDED : null;
}

function describeJobs({ cronJob, suspended, schedule, jobs }: Backups): string {
  const name = formatWorkloadReference(cronJob);
  const running = jobs.find(({ state }) => state === 'running');
  const ended = jobs.find(({ state }) => state !== 'running');
  return [
    suspended ? `The CronJob ${name} is suspended.` : `The CronJob ${name} runs at ${schedule}.`,
    ...(running
      ? [`${running.name} has been running since ${describeMoment(running.startedAt ?? running.createdAt)}.`]
      : []),
    ...(ended?.state === 'failed'
      ? [`The last one failed: ${ended.name}${ended.reason === null ? '' : `, ${ended.reason}`}.`]
      : []),
  ].join(' ');
}
