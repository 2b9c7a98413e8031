import type { Application } from './application.ts';
import type { Forecast } from './forecast.ts';
import type { History } from './history.ts';
import type { ClusterPlace } from './place.ts';
import type { Severity } from './rule-options.ts';
import type { Snapshot } from './snapshot.ts';
import type { ApplicationTally } from './tally.ts';

/** What a chart of connections is drawn from. */
export interface ChartSubject {
  readonly database: string;
  /** Epoch milliseconds: the chart's right edge. */
  readonly at: number;
  readonly snapshot: Snapshot;
  readonly history: History;
  readonly configured: readonly Application[];
  /** The connections at which `connections-total` fires; null while the capacity is unknown or the rule is off. */
  readonly fireAt: number | null;
  readonly forecast: Forecast;
  /** The application that an alert is about. */
  readonly focus?: string | undefined;
  /** When it fired, epoch milliseconds. */
  readonly firedAt?: number | undefined;
}

/** All that `/db status` says, as plain data; the same for Discord and the terminal. */
export interface StatusReport extends ChartSubject {
  /** Largest first; empty when the sessions are unknown. */
  readonly applications: readonly ApplicationTally[];
  /** What fires, worst first. */
  readonly alerts: readonly FiringAlert[];
  /** Silences in force, on whatever. */
  readonly silences: number;
  /** Where it runs; null where no cluster is configured. */
  readonly place: ClusterPlace | null;
}

export interface FiringAlert {
  readonly rule: string;
  readonly severity: Severity;
  readonly headline: string;
  /** Epoch milliseconds. */
  readonly firedAt: number;
  /** The member who acknowledged it; null for nobody. */
  readonly ownedBy: string | null;
  /** Somebody asked for quiet. */
  readonly silenced: boolean;
}
