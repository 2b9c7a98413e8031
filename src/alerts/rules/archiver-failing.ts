import { formatDuration } from '../../model/duration.ts';
import type { Archiver } from '../../model/server-signals.ts';
import { type Rule, unknownFinding } from '../rule.ts';

/** WAL that cannot be archived piles up on the disk, and the backups end where it began. */
export default {
  id: 'archiver-failing',
  scope: 'database',
  severity: 'warning',
  for: '1m',
  summary: 'The last attempt to archive WAL failed.',
  firstStep: "Read the server's log for what archive_command said; look at where it archives to.",
  options: {},
  evaluate({ snapshot: { signals } }) {
    if (!signals.ok) return [unknownFinding('archiver', `the archiver is unknown: ${signals.reason}`)];
    const { archiver } = signals.value;
    const failing = archiver !== null && isFailing(archiver);
    return [
      {
        subject: 'archiver',
        standing: failing ? 'firing' : 'clear',
        value: null,
        fireAt: null,
        headline: failing ? describeFailure(archiver, signals.at) : 'WAL is archived',
        evidence: failing && archiver.lastFailedWal !== null ? `It failed at ${archiver.lastFailedWal}.` : '',
        impact: '',
      },
    ];
  },
} satisfies Rule;

function isFailing({ lastArchivedAt, lastFailedAt }: Archiver): boolean {
  return lastFailedAt !== null && (lastArchivedAt === null || lastFailedAt > lastArchivedAt);
}

function describeFailure({ lastArchivedAt }: Archiver, now: number): string {
  if (lastArchivedAt === null) return 'WAL cannot be archived, and never was since the statistics were reset';
  const ageMs = Math.max(0, now - lastArchivedAt);
  return `WAL cannot be archived: the last success was ${formatDuration(Math.floor(ageMs / 60_000) * 60_000)} ago`;
}
