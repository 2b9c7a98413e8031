import type { DetailedSession } from './activity.ts';

/**
 * One session as it was shown: it is terminated only while all of this still holds. An active one
 * is known by its `waitEvent` too, and without one it is never ended.
 */
export type TerminationTarget = Pick<
  DetailedSession,
  'pid' | 'backendStart' | 'userId' | 'databaseId' | 'state' | 'stateChange'
> &
  Partial<Pick<DetailedSession, 'waitEvent'>>;

/** What became of one target. */
export type TerminationFate =
  /** Signalled, and seen to be gone. */
  | 'terminated'
  /** Not signalled: it had ended by itself (another may have its pid). */
  | 'ended'
  /** Not signalled: it has become active, or has been used since it was shown. */
  | 'used'
  /** Not signalled: its role is a superuser's or a replication's now, or it is none of the sessions that may be ended. */
  | 'protected'
  /** Not tried: a pod has its address again, or whose it is cannot be told any more. */
  | 'doubtful'
  /** Signalled, or tried, and still there when the time was over; or the server refused. */
  | 'failed'
  /** No answer came: it is gone, and nobody knows by whom; or the server could not be read since. */
  | 'unknown';

export interface TerminationReport {
  /** In the order of the targets. */
  readonly fates: readonly {
    readonly target: TerminationTarget;
    readonly fate: TerminationFate;
    readonly reason: string | null;
  }[];
  /** From the first statement to the last look, milliseconds. */
  readonly tookMs: number;
}
