import type { Archiver } from '../../model/server-signals.ts';
import { describeMoment } from '../describe-age.ts';
import { type Rule, unknownFinding } from '../rule.ts';
import { lookAtSignals } from '../sight.ts';

/** pg_stat_archiver is open to every role. */
export default {
  id: 'archiver-failing',
  scope: 'database',
  severity: 'warning',
  for: '1m',
  summary:
    'The last attempt to archive WAL failed, after the last that succeeded: backups have a gap, and the WAL that waits fills the disk. Resolves at the next success.',
  firstStep: "Read the archive command's words in the server's log; see whether its target is reachable and has room.",
  options: {},
  evaluate({ snapshot }) {
    const sight = lookAtSignals(snapshot);
    if (!sight.ok) return [unknownFinding(SUBJECT, `the archiver is unknown: ${sight.reason}`)];
    const { archiver } = sight.signals;
    const failing = archiver !== null && isFailing(archiver);
    return [
      {
        subject: SUBJECT,
        standing: failing ? 'firing' : 'clear',
        value: null,
        fireAt: null,
        headline: failing ? `WAL is not archived: ${describeSuccess(archiver)}` : describeHealth(archiver),
        evidence: failing ? describeFailure(archiver) : '',
        impact: '',
      },
    ];
  },
} satisfies Rule;

const SUBJECT = 'archiver';

function isFailing({ lastFailedAt, lastArchivedAt }: Archiver): boolean {
  return lastFailedAt !== null && (lastArchivedAt === null || lastFailedAt > lastArchivedAt);
}

function describeSuccess({ lastArchivedAt }: Archiver): string {
  return lastArchivedAt === null ? 'it never was' : `the last success was at ${describeMoment(lastArchivedAt)}`;
}

function describeHealth(archiver: Archiver | null): string {
  if (archiver === null) return 'WAL archiving is off';
  return archiver.lastArchivedAt === null ? 'there was no WAL to archive yet' : 'WAL is archived';
}

function describeFailure({ lastFailedAt, lastFailedWal, failures }: Archiver): string {
  const segment = lastFailedWal === null ? '' : `: segment ${lastFailedWal}`;
  const when = lastFailedAt === null ? '' : ` at ${describeMoment(lastFailedAt)}`;
  return `Failed last${when}${segment}; ${failures} failures since the statistics were reset.`;
}
