import type { Severity } from '../model/rule-options.ts';

/** One thing that happened in an incident, as it is kept for ever: the post-mortem is made of these. */
export interface TimelineEvent {
  /** Epoch milliseconds, UTC. */
  readonly at: number;
  /** The member who did it; null for Breakwater itself. */
  readonly by: string | null;
  readonly fact: TimelineFact;
}

/** Texts in it are plain and hostile; query literals and secrets are out of them already. */
export type TimelineFact =
  | OpeningFact
  | AlertFact
  | { readonly type: 'commander'; readonly member: string }
  | { readonly type: 'note'; readonly text: string }
  | HoldersFact
  | ActFact
  | {
      readonly type: 'thread';
      readonly channelId: string | null /** Why there is none. */;
      readonly refused: string | null;
    }
  | { readonly type: 'pin'; readonly refused: string | null }
  | { readonly type: 'closed'; readonly severity: string; readonly impact: string }
  | { readonly type: 'reopened'; readonly cause: string };

interface OpeningFact {
  readonly type: 'opened';
  readonly title: string;
  /** The key of the alert that opened it; null where a person did. */
  readonly cause: string | null;
  readonly databases: readonly string[];
}

/** Who held the connections of a database at a moment that mattered; `before` and `after` an act. */
export interface HoldersFact {
  readonly type: 'holders';
  readonly database: string;
  readonly moment: 'opened' | 'peak' | 'before' | 'after';
  readonly used: number;
  readonly usable: number | null;
  readonly max: number | null;
  /** Largest first. */
  readonly applications: readonly { readonly name: string; readonly count: number }[];
}

/** Something became of an alert that belongs to the incident. */
export interface AlertFact {
  readonly type: 'alert';
  readonly became: 'fired' | 'posted-again' | 'worse' | 'acknowledged' | 'handed-back' | 'resolved' | 'joined';
  readonly alertId: string;
  readonly key: string;
  readonly rule: string;
  readonly database: string;
  readonly severity: Severity;
  readonly headline: string;
  readonly evidence: string;
  readonly impact: string;
  readonly peak: number | null;
  /** When its condition was first seen, and when it fired: the time to detect is between them. */
  readonly since: number;
  readonly firedAt: number | null;
  /** How many firings of the same alert this one tells beside its own: of one that flaps not each is written down. */
  readonly swings?: number;
}

/** Somebody acted, or was refused. */
export interface ActFact {
  readonly type: 'act';
  /** As in `kill-stale`. */
  readonly act: string;
  readonly database: string;
  readonly stage:
    | 'previewed'
    | 'confirmed'
    | 'refused'
    | 'cancelled'
    | 'expired'
    | 'done'
    | 'interrupted'
    // Of a recovery: somebody asks for it, another approves, or nobody was there to; its steps; it waits for a person, and is told what to do.
    | 'requested'
    | 'approved'
    | 'broke-glass'
    | 'step'
    | 'stopped'
    | 'directed'
    | 'ended';
  /** The confirmation's id, or the recovery's; null where it never came to one. */
  readonly confirmation: string | null;
  /** In one line, with its numbers: "45 idle sessions of site", "terminated 45, spared 2, failed 0". */
  readonly summary: string;
  readonly figures?: Readonly<Record<string, number>>;
  /** Of the stage `step`. */
  readonly step?: StepFact;
  /** Of an approval: what it was given in spite of, each a sentence. */
  readonly overrides?: readonly string[];
}

/** How one step of a recovery, or taking it back, ended. */
export interface StepFact {
  readonly id: string;
  /** As in `prove-stopped`. */
  readonly kind: string;
  readonly title: string;
  readonly state: 'done' | 'skipped' | 'failed' | 'unknown' | 'undone';
  readonly saw: string;
  /** Epoch milliseconds; null: it never began. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** Where operations record what people did; reaches the incident that is open on the database, and the audit channel. */
export interface ActRecorder {
  /** Resolves when it is durable, or the journal is known to be away. */
  record(event: TimelineEvent & { readonly fact: ActFact | HoldersFact }): Promise<void>;
}
