import type { Alert } from '../alerts/alert.ts';
import type { Incident } from '../incidents/incident.ts';
import type { ActFact, TimelineEvent } from '../incidents/timeline.ts';
import type { Json } from '../journal/journal.ts';
import type { CheckFinding } from '../model/check-finding.ts';
import type { RunView } from '../recovery/view.ts';
import type { IncidentTotals } from '../render/incident-message.ts';
import type { EvidenceRange, GlassBroken } from '../render/recovery-letters.ts';

/** What the message of an alert is rendered from; JSON, so that a restart can render it again. */
export interface AlertContent {
  readonly alert: Alert;
  /** What it mutes: each symptom's fact. */
  readonly symptoms: readonly string[];
  /** A newer message has taken its place; `lost`: nobody knows of it any more, as a journal could not be read. */
  readonly superseded: boolean | 'lost';
}

export type ActEvent = TimelineEvent & { readonly fact: ActFact };

/** The summary of an incident; its events are the last ones only. */
export interface IncidentContent {
  /** Bounded. */
  readonly incident: Incident;
  /** Of the whole; left out by former versions. */
  readonly totals?: IncidentTotals;
  /** So many of the incident's events have been put as narrations: where a restart goes on. */
  readonly narratedTo: number;
  readonly mark: string;
}

/** Events of an incident, told one after the other in one message. */
export interface NarrationContent {
  readonly narration: {
    /** Without its events and alerts. */
    readonly incident: Incident;
    readonly events: readonly TimelineEvent[];
    /** Null for the alert channel. */
    readonly thread: string | null;
    /** As in IncidentContent, once this is told. */
    readonly narratedTo: number;
  };
  readonly mark: string;
}

/** What somebody did, for the audit channel; `instead`: why it is told in the alert channel. */
export interface ActContent {
  readonly act: ActEvent;
  readonly instead: string | null;
  readonly mark: string;
}

/** The faults that are new since the look before; `instead` as above. */
export interface CheckContent {
  readonly check: readonly CheckFinding[];
  readonly instead: string | null;
  readonly mark: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What a recovery tells by itself, in the channel or thread where it lives. */
export interface RecoveryContent {
  readonly recovery: RecoveryNews;
  readonly channel: string;
  /** The channel that did not take it, and why. */
  readonly instead: { readonly channel: string; readonly reason: string } | null;
  readonly mark: string;
}

/** The text of files stands in the stream `evidence/<runId>`. */
export type RecoveryNews =
  | { readonly kind: 'run'; readonly view: RunView }
  | ({ readonly kind: 'broke-glass' } & GlassBroken)
  | ({ readonly kind: 'evidence' } & EvidenceRange);

/** What a letter is about. All but an alert's are `single`, and `mark` is the letter's id. */
export type LetterContent =
  | { readonly kind: 'alert'; readonly content: AlertContent }
  | { readonly kind: 'incident'; readonly content: IncidentContent }
  | { readonly kind: 'narration'; readonly content: NarrationContent }
  | { readonly kind: 'act'; readonly content: ActContent }
  | { readonly kind: 'check'; readonly content: CheckContent }
  | { readonly kind: 'recovery'; readonly content: RecoveryContent };

const KINDS = ['incident', 'narration', 'act', 'check', 'recovery'] as const;

/** The one place that tells the kinds apart: each has a key of its own, as those of alerts had before there were others. */
export function readLetter(content: Json): LetterContent {
  const known = (content ?? {}) as Partial<Record<(typeof KINDS)[number], unknown>>;
  const kind = KINDS.find((key) => known[key] !== undefined) ?? 'alert';
  return { kind, content } as unknown as LetterContent;
}

/** Of the letters of an incident; those in its thread and those in the alert channel are told apart. */
export const letterIds = {
  summary: (incidentId: string): string => `${incidentId}.summary`,
  inThread: (incidentId: string, first: number | string): string => `${incidentId}.n${first}`,
  inChannel: (incidentId: string, first: number | string): string => `${incidentId}.c${first}`,
};
