import type { Alert } from '../../alerts/alert.ts';
import type { Application } from '../../model/application.ts';
import type { ExternalSource } from '../../model/external-alert.ts';
import type { Forecast } from '../../model/forecast.ts';
import type { HealthReport } from '../../model/health.ts';
import type { ClusterPlace } from '../../model/place.ts';
import type { ServiceState } from '../../model/service-state.ts';
import type { Snapshot } from '../../model/snapshot.ts';

/** All that a scrape tells, as it is known at that moment; reading it asks nobody. Times are epoch milliseconds. */
export interface MetricsSource {
  readonly now: number;
  readonly startedAt: number;
  /** Breakwater's own. */
  readonly version: string;
  readonly databases: readonly DatabaseFigures[];
  /** The living ones, pending ones too. */
  readonly alerts: readonly AlertFigures[];
  readonly services: readonly ServiceState[];
  readonly health: HealthReport;
  /** See HealthFacts. */
  readonly gateway: { readonly acknowledgedAt: number | null };
  readonly outbox: {
    readonly waiting: number;
    /** Since when the oldest one waits; null while none does. */
    readonly oldestAt: number | null;
    /** Since when nothing at all gets through; null while something does. */
    readonly silentSince: number | null;
  };
  /** Attempts since the start, by outcome: a handful of names. */
  readonly deliveries: Readonly<Record<string, number>>;
  readonly journalWritable: boolean;
}

export interface DatabaseFigures {
  readonly snapshot: Snapshot;
  readonly applications: readonly Application[];
  readonly forecast: Forecast;
  /** When its sessions were last counted; null before the first time. */
  readonly sampledAt: number | null;
  /** How long the newest count took; null while there is none. */
  readonly sampleMs: number | null;
  /** Null where no cluster is configured. */
  readonly place: ClusterPlace | null;
}

export type AlertFigures = Pick<Alert, 'rule' | 'database' | 'subject' | 'severity' | 'state'>;

/** What this room knows by itself. */
export interface OwnFigures {
  readonly node: string;
  readonly cpuMs: number;
  readonly residentBytes: number;
  readonly loopLagMs: number;
  readonly webhooks: readonly { readonly source: ExternalSource; readonly outcome: string; readonly count: number }[];
}
