import type { Severity } from '../model/rule-options.ts';
import type { TimelineEvent } from './timeline.ts';

/** One incident as its timeline tells it: a fold over the events of the stream `incidents/<id>`. */
export interface Incident {
  /** `20201211-1324` (UTC), with `-2` and so on where that is taken: lower case, fit for a Kubernetes name. */
  readonly id: string;
  readonly title: string;
  /** Epoch milliseconds. */
  readonly openedAt: number;
  /** Null: an alert did. */
  readonly openedBy: string | null;
  /** The watched databases that it is about. */
  readonly databases: readonly string[];
  /** In the order in which they joined. */
  readonly alerts: readonly IncidentAlert[];
  readonly commander: { readonly member: string; readonly at: number } | null;
  /** Since when none of its critical alerts fires, or none at all where it has no critical one; null while one does, or when it never had one. */
  readonly calmSince: number | null;
  readonly closed: {
    readonly by: string;
    readonly at: number;
    readonly severity: string;
    readonly impact: string;
  } | null;
  /** The thread, or why there is none; null while it is not known yet. */
  readonly thread: { readonly channelId: string | null; readonly refused: string | null } | null;
  readonly pin: { readonly refused: string | null } | null;
  readonly events: readonly TimelineEvent[];
}

export interface IncidentAlert {
  readonly id: string;
  readonly key: string;
  readonly rule: string;
  readonly database: string;
  readonly severity: Severity;
  readonly headline: string;
  readonly impact: string;
  readonly since: number;
  readonly firedAt: number | null;
  readonly resolvedAt: number | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: number | null;
  readonly peak: number | null;
}
