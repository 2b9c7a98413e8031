import type { Threshold } from './threshold.ts';

export const SEVERITIES = ['warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One threshold that a rule lets people set, with the default that holds when they do not. */
export interface RuleOption {
  readonly type: 'threshold';
  readonly default: string | number;
  readonly meaning: string;
}

/** What the configuration must know of a rule to read `databases[].alerts.<id>`; the rule's own file says it. */
export interface RuleDescription {
  readonly id: string;
  readonly severity: Severity;
  /** How long the condition must hold before it fires, as a duration. */
  readonly for: string;
  /** Fires at ≥ `fire`; a firing alert resolves below `clear`. */
  readonly options: { readonly fire: RuleOption; readonly clear: RuleOption };
}

/** `databases[].alerts.<id>` as parsed, defaults filled in. */
export interface RuleSettings {
  readonly enabled: boolean;
  readonly severity: Severity;
  readonly forMs: number;
  readonly fire: Threshold;
  readonly clear: Threshold;
}
