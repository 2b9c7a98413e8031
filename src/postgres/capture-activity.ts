import type { Clock } from '../model/clock.ts';
import { formatDuration } from '../model/duration.ts';
import type { Evidence, EvidenceFile } from '../model/evidence.ts';
import { describeActivity, describeLocks } from './activity-text.ts';
import type { RunQuery } from './held-session.ts';
import type { Parsed } from './parse-rows.ts';
import { readDetails } from './read-details.ts';
import { readLockTree } from './read-lock-tree.ts';

/** Who is connected and who waits for whom, as `activity.txt` and `locks.txt`, within `withinMs`. Needs pg_read_all_stats. Never throws. */
export async function captureActivity(
  withinMs: number,
  { query, canaryUser, clock }: { readonly query: RunQuery; readonly canaryUser: string | null; readonly clock: Clock },
): Promise<Evidence> {
  const settled = new AbortController();
  const late: Promise<Parsed<never>> = clock
    .sleep(withinMs, settled.signal)
    .then(() => ({ ok: false, reason: `no answer within ${formatDuration(withinMs)}` }));
  const file = async <T>(name: string, read: Promise<Parsed<T>>, describe: (value: T, at: number) => string) => {
    const parsed = await Promise.race([read, late]);
    if (!parsed.ok) return { file: null, gap: `${name}: ${parsed.reason}` };
    return { file: { name, text: describe(parsed.value, clock.now()) }, gap: null };
  };
  const parts = await Promise.all([
    file('activity.txt', readDetails(query, canaryUser), describeActivity),
    file('locks.txt', readLockTree(query, canaryUser), describeLocks),
  ]);
  settled.abort();
  return {
    files: parts.map((part) => part.file).filter((each): each is EvidenceFile => each !== null),
    gaps: parts.map(({ gap }) => gap).filter((gap) => gap !== null),
  };
}
