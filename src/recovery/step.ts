import type { z } from 'zod';
import type { Json } from '../journal/journal.ts';
import type { Admission } from '../model/admission.ts';
import type { BackupJobs } from '../model/backup.ts';
import type { Clock } from '../model/clock.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Change, ClusterChanges } from '../model/cluster-changes.ts';
import type { ClusterInventory } from '../model/cluster-inventory.ts';
import type { DatabaseActions } from '../model/database-actions.ts';
import type { DatabaseRecovery, PoolerConsole } from '../model/database-recovery.ts';
import type { ClusterEvidence, Evidence } from '../model/evidence.ts';
import type { Observed } from '../model/observed.ts';
import type { ClusterObjects } from '../model/workload.ts';

/**
 * One file in `steps/` = one kind of step, its default export, named after the file. The runner knows none of them by
 * name: it asks `check`, writes down what it is about to do, lets it `act`, and asks `verify` until it holds or its time is over.
 * Nothing here throws: what cannot be told is `unknown`.
 */
export interface RecoveryStep<Params = unknown> {
  readonly kind: string;
  /** What it is for, in a sentence: the reference is made of these. */
  readonly summary: string;
  readonly params: z.ZodType<Params>;
  /** How long `verify` may take to hold, milliseconds, and where the number comes from. */
  readonly deadlineMs: number;
  /** So long it may wait without `progress`, milliseconds, before that is a failure; left out: as long as `deadlineMs`. */
  readonly stallsAfterMs?: number;
  /** What is risked when it is left out, as a sentence; null: it never may be. */
  readonly skip: string | null;
  /** Clients cannot work while it is done and not undone: its undo is what "Release clients" runs. */
  readonly holdsClients?: true;
  /** Its `verify` writes something that changes no data: it is asked for when somebody has said so, and not to look at the run. */
  readonly verifiesByWriting?: true;
  /** The kind of step whose effect it takes back in the course of a plan: that of the same object, the rest of the id. */
  readonly takesBack?: string;
  /** In the imperative, as in `Scale default/deployment/postgres to 0`. Plain text, names in it hostile. */
  title(params: Params): string;
  /** How a person does the same by hand, waits and looks included. */
  manual(params: Params): readonly ManualCommand[];
  /** Reads the world, and changes nothing. */
  check(call: StepCall<Params>): Promise<Standing>;
  /** Changes the world; called once `check` said `ready` and that is written down. */
  act(call: StepCall<Params>): Promise<Change>;
  /** Whether what the step is for is true now. Changes nothing. */
  verify(call: StepCall<Params>): Promise<Verified>;
  /** Takes back what it did; left out where nothing is to be taken back, or going on is the only way. */
  readonly undo?: StepUndo<Params>;
}

export interface StepUndo<Params = unknown> {
  title(params: Params): string;
  manual(params: Params): readonly ManualCommand[];
  /** `acted`: nothing is left to undo. */
  check(call: StepCall<Params>): Promise<Standing>;
  act(call: StepCall<Params>): Promise<Change>;
  verify(call: StepCall<Params>): Promise<Verified>;
}

/** One thing to do by hand. */
export interface ManualCommand {
  /** What it does or what to look for, in a sentence; plain text. */
  readonly say: string;
  /** To be copied as it stands into a shell, of several lines too; null: only to be looked at. */
  readonly run: string | null;
  /** What to do where it says something else; plain text. */
  readonly otherwise?: string;
}

export interface StepCall<Params> {
  readonly params: Params;
  /** What was shown to people and moves by itself; null where nothing was. */
  readonly shown: Json;
  /** What `check` noted before this step acted; null before that. */
  readonly own: Json;
  /** What `check` of another step of the plan noted, by its id; null where it did not. */
  noted(stepId: string): Json;
  readonly tools: StepTools;
}

/** The world as steps see it. Everything in it has a deadline of its own, and never throws. */
export interface StepTools {
  /** Of the run: what marks an act as this run's, so that it is done once. */
  readonly runId: string;
  readonly database: string;
  /** Values of application_name that are never ended. */
  readonly protect: readonly string[];
  readonly cluster: Pick<Cluster, 'list'>;
  readonly objects: ClusterObjects;
  readonly changes: ClusterChanges;
  readonly inventory: ClusterInventory;
  readonly evidence: ClusterEvidence;
  readonly backups: BackupJobs;
  readonly actions: Pick<DatabaseActions, 'readDetails' | 'readObstacle' | 'terminate' | 'readPoolerPids'>;
  readonly server: DatabaseRecovery;
  /** Null: no PgBouncer is configured. */
  readonly pooler: PoolerConsole | null;
  /** A fresh, ordinary connection: the canary. Unseen where no canary role is configured (NOBODY_TRIES). */
  admit(): Promise<Observed<Admission>>;
  /** Keeps what was captured with the run and gives it to people. */
  keepEvidence(evidence: Evidence): Promise<Change>;
  readonly clock: Pick<Clock, 'now'>;
}

// What is said of the world in `saw` is for people: the fact with its number; plain, hostile text.

export type Standing =
  /** It can be done now. `note` is written down before it is, and given back to this step and the later ones. */
  | { readonly kind: 'ready'; readonly saw: string; readonly note?: Json }
  /** It has been done, by whomever: only to be verified. */
  | { readonly kind: 'acted'; readonly saw: string; readonly note?: Json }
  /** It must not be done: `saw` says what is missing and what to do. */
  | { readonly kind: 'blocked'; readonly saw: string }
  /** Nobody can tell now; it is asked again for a while. */
  | { readonly kind: 'unknown'; readonly saw: string };

export type Verified =
  | { readonly kind: 'holds'; readonly saw: string }
  /** `progress`: what it waits for is under way. */
  | { readonly kind: 'waiting'; readonly saw: string; readonly progress?: true }
  /** It will not come to hold by waiting. */
  | { readonly kind: 'failed'; readonly saw: string }
  | { readonly kind: 'unknown'; readonly saw: string };
