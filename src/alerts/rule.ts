import type { ActiveSession } from '../model/activity.ts';
import type { Application } from '../model/application.ts';
import type { Trend } from '../model/forecast.ts';
import type { Observed } from '../model/observed.ts';
import type { ClusterPlace } from '../model/place.ts';
import type { RuleDescription, RuleSettings, Severity } from '../model/rule-options.ts';
import type { Service, ServiceState } from '../model/service-state.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { SourceState } from '../model/source-state.ts';

/** What a rule about one database may look at: plain data, nothing that acts. */
export interface DatabaseView {
  readonly snapshot: Snapshot;
  readonly applications: readonly Application[];
  /** Values of application_name that nobody should end, nor be alarmed by. */
  readonly protect: readonly string[];
  readonly trend: Trend;
  /** All sessions one by one, where they were read lately; only to say more, never to decide. */
  readonly activity: Observed<readonly ActiveSession[]>;
  /** The services that cannot work without this database. */
  readonly dependents: readonly Service[];
}

/** What a rule about web addresses may look at: those that are filed under one database, or under none. */
export interface ServiceView {
  readonly services: readonly ServiceState[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What a rule about the cluster under one database may look at; rules of this scope are asked only where there is a cluster. */
export interface ClusterView {
  readonly database: string;
  readonly place: ClusterPlace;
  readonly applications: readonly Application[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What a rule about the bot itself may look at. */
export interface SourceView {
  readonly sources: readonly SourceState[];
  readonly now: number;
}

/**
 * How one subject stands against a rule now.
 * `holding` lies between the clear and the fire threshold: what fires goes on firing, what is quiet stays quiet.
 * `unknown` means the source gave no answer: nothing fires and nothing resolves on it (product.md §4).
 */
export type Standing = 'firing' | 'holding' | 'clear' | 'unknown';

export interface Finding {
  /** What the alert is about within its database: an application's name, `total`… */
  readonly subject: string;
  readonly standing: Standing;
  /** The measured number and the one at which the rule fires, in the unit of its `fire`; null when unknown, or nothing is counted. */
  readonly value: number | null;
  readonly fireAt: number | null;
  /** What `value` counts, where its peak is worth showing. */
  readonly unit?: 'count' | 'duration' | 'bytes';
  /** The fact with its number, plain text; may hold hostile names. */
  readonly headline: string;
  /** Where to look: who holds the most, or from which addresses; plain text, may hold hostile names. May be empty. */
  readonly evidence: string;
  /** What people lose, in the words of the configuration; empty when nobody wrote any. */
  readonly impact: string;
  /** Where it differs from the rule's, as it does for alerts of others. */
  readonly severity?: Severity;
  /** So clear that `for` need not be waited out: a full server is full. */
  readonly atOnce?: boolean;
  /** What to do first in this very case, where the rule's own line is too general; the bot's words only, no names. */
  readonly firstStep?: string;
}

/** Stands for every subject of a rule that does not know its subjects while it cannot see. */
export const ANY_SUBJECT = '*';

/** The finding of a rule that cannot see; `headline` says why. */
export function unknownFinding(subject: string, headline: string): Finding {
  return { subject, standing: 'unknown', value: null, fireAt: null, headline, evidence: '', impact: '' };
}

/** How an alert fares while a rule that it names as its cause fires on the same database. */
export interface Inhibition {
  /** The cause: a rule's id. */
  readonly by: string;
  /** `all`: not posted while the cause fires. `repeats`: posted once without a ping, and not again. */
  readonly mutes: 'all' | 'repeats';
}

interface RuleBase extends RuleDescription {
  /** One line for the alert reference. */
  readonly summary: string;
  /** What to do first, shown in the alert. */
  readonly firstStep: string;
  /**
   * Near its threshold the sampling speeds up. Only for what a surge changes within seconds and every sample counts anew:
   * an age grows no faster for being looked at, and the signals have a clock of their own.
   */
  readonly quickens?: true;
  /** Its subjects are applications: a silence about one of them covers its alerts. */
  readonly aboutApplications?: true;
  /** The root causes whose symptom this is (product.md §4). */
  readonly inhibitedBy?: readonly Inhibition[];
}

/**
 * One file in `rules/`, its default export. Pure: the same view and settings give the same findings, and all of its
 * subjects: one that is left out is over, unless ANY_SUBJECT is unknown.
 */
export type Rule =
  | (RuleBase & {
      readonly scope: 'database';
      evaluate(view: DatabaseView, settings: RuleSettings): readonly Finding[];
    })
  | (RuleBase & {
      readonly scope: 'services';
      evaluate(view: ServiceView, settings: RuleSettings): readonly Finding[];
    })
  | (RuleBase & {
      readonly scope: 'cluster';
      evaluate(view: ClusterView, settings: RuleSettings): readonly Finding[];
    })
  | (RuleBase & {
      readonly scope: 'sources';
      evaluate(view: SourceView, settings: RuleSettings): readonly Finding[];
    });

export type RuleScope = Rule['scope'];
