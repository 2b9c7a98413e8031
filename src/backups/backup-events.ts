import { z } from 'zod';
import type { JournalEvent } from '../journal/journal.ts';
import type { BackupRun } from '../model/backup.ts';
import type { WorkloadReference } from '../model/workload-reference.ts';

const VERSION = 1;

/** A run that is followed, and where its message stands. */
export interface Followed {
  readonly run: BackupRun;
  readonly cronJob: WorkloadReference;
  /** Null where nobody but the asker sees it. */
  readonly shownAt: { readonly channelId: string; readonly messageId: string } | null;
}

/** What the stream `backups` may hold; a run ends once, and is forgotten then. */
export type BackupEvent =
  | {
      readonly type: 'followed';
      readonly data: { readonly run: BackupRun; readonly cronJob: AsJson<WorkloadReference> };
    }
  | { readonly type: 'shown'; readonly data: RunKey & { readonly channelId: string; readonly messageId: string } }
  | { readonly type: 'ended'; readonly data: RunKey };

/** An interface has no index signature; the same as a type does. */
type AsJson<T> = Pick<T, keyof T>;

/** Of one asking: the same Job may be followed by several. */
type RunKey = { readonly uid: string; readonly askedAt: number; readonly by: string };

const key = z.object({ uid: z.string(), askedAt: z.number(), by: z.string() });
const eventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('followed'),
    data: z.object({
      run: z.object({
        database: z.string(),
        how: z.enum(['started', 'joined']),
        by: z.string(),
        askedAt: z.number(),
        job: z.object({ name: z.string(), uid: z.string() }),
      }),
      cronJob: z.object({ namespace: z.string(), kind: z.string(), name: z.string() }),
    }),
  }),
  z.object({ type: z.literal('shown'), data: key.extend({ channelId: z.string(), messageId: z.string() }) }),
  z.object({ type: z.literal('ended'), data: key }),
]);

export function keyOf({ job, askedAt, by }: BackupRun): RunKey {
  return { uid: job.uid, askedAt, by };
}

export function isSame(a: RunKey, b: RunKey): boolean {
  return a.uid === b.uid && a.askedAt === b.askedAt && a.by === b.by;
}

export function toJournal(event: BackupEvent, at: number): JournalEvent {
  return { type: event.type, version: VERSION, at, data: event.data };
}

/** Those that nobody saw end, oldest first. What is of another form stays in the journal and is not acted on. Pure. */
export function foldFollowed(events: readonly JournalEvent[]): readonly Followed[] {
  return events.reduce<readonly Followed[]>(step, []);
}

function step(followed: readonly Followed[], stored: JournalEvent): readonly Followed[] {
  const event = stored.version === VERSION ? eventSchema.safeParse(stored).data : undefined;
  switch (event?.type) {
    case undefined:
      return followed;
    case 'followed':
      return followed.concat({ ...event.data, shownAt: null });
    case 'ended':
      return followed.filter(({ run }) => !isSame(keyOf(run), event.data));
    case 'shown': {
      const { channelId, messageId } = event.data;
      return followed.map((each) =>
        isSame(keyOf(each.run), event.data) ? { ...each, shownAt: { channelId, messageId } } : each,
      );
    }
  }
}
