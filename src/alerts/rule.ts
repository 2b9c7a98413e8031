import type { Application } from '../model/application.ts';
import type { RuleDescription, RuleSettings } from '../model/rule-options.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** What a rule may look at: plain data, nothing that acts. */
export interface RuleView {
  readonly snapshot: Snapshot;
  readonly applications: readonly Application[];
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
  /** The measured number and the one at which the rule fires; null when unknown. Their ratio drives the sampling interval. */
  readonly value: number | null;
  readonly fireAt: number | null;
  /** The fact with its number, plain text; may hold hostile names. */
  readonly headline: string;
  /** Where to look: who holds the most, or from which addresses; plain text, may hold hostile names. May be empty. */
  readonly evidence: string;
  /** What people lose, in the words of the configuration; empty when nobody wrote any. */
  readonly impact: string;
}

/** The finding of a rule that cannot see; `headline` says why. */
export function unknownFinding(subject: string, headline: string): Finding {
  return { subject, standing: 'unknown', value: null, fireAt: null, headline, evidence: '', impact: '' };
}

/** One file in `rules/`, its default export. Pure: the same view and settings give the same findings. */
export interface Rule extends RuleDescription {
  /** One line for the alert reference. */
  readonly summary: string;
  /** What to do first, shown in the alert. */
  readonly firstStep: string;
  evaluate(view: RuleView, settings: RuleSettings): readonly Finding[];
}
