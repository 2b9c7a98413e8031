import { formatDuration } from '../../model/duration.ts';
import type { Observed } from '../../model/observed.ts';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Signs, timeOf } from '../signs.ts';

/** ENOSPC in PostgreSQL's and the kernel's words, and what the kubelet calls it. */
const NO_SPACE =
  /no space left on device|disk quota exceeded|could not extend file|DiskPressure|low on resource: ephemeral-storage/i;
/** Events stay for an hour; what was told longer ago may have been put right. */
const LATELY_MS = 15 * 60_000;

/** The volume is full: room is all that helps, and a start needs room too. */
export function findOutOfDisk({ facts }: Signs): Diagnosis | null {
  const words = findWords(facts);
  if (words === null) return null;
  const { claim } = facts.settings;
  const size = facts.storage?.ok ? facts.storage.value?.claim.sizeText : null;
  const volume = claim === null ? 'its volume' : `${formatWorkloadReference(claim)}${size ? ` (${size})` : ''}`;
  return {
    condition: 'out-of-disk',
    headline: `PostgreSQL has no room left to write: ${words}`,
    advice: {
      kind: 'by-hand',
      todo: [
        `Grow ${volume}: \`spec.resources.requests.storage\` of the claim, where its class allows expansion.`,
        'Never delete anything in pg_wal by hand. See what keeps it large: replication slots, and an archiver that fails (/db status).',
        'Then look again: PostgreSQL goes on, or recovers, by itself.',
      ],
    },
    reasons: [
      'No session and no application makes room on the volume when it is ended.',
      'Not `restart`, nor anything harsher: the recovery after it needs room to write, and a server that still runs would not come back.',
    ],
  };
}

function findWords({ snapshot, events, at }: Signs['facts']): string | null {
  const { admission, sessions, server } = snapshot;
  const said = admission.ok ? admission.value.serverSaid : admission.reason;
  const told = [said, ...[sessions, server].map(reasonOf)].find((text) => text !== null && NO_SPACE.test(text));
  if (told) return `“${told}”`;
  const event = events?.ok
    ? events.value.findLast(
        ({ message, reason, at: when }) => at - when <= LATELY_MS && NO_SPACE.test(`${reason}: ${message}`),
      )
    : undefined;
  if (event === undefined) return null;
  return `${event.about} at ${timeOf(event.at)} (${formatDuration(Math.max(0, at - event.at))} ago): “${event.message}”`;
}

function reasonOf(observed: Observed<unknown>): string | null {
  return observed.ok ? null : observed.reason;
}
