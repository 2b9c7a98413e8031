import type { Admission } from './admission.ts';
import type { Observed } from './observed.ts';
import type { ServerFacts } from './server-facts.ts';
import type { ServerSignals } from './server-signals.ts';
import type { SessionGroup } from './session-group.ts';

/** All that is known of one watched database at one moment; each part is owned by the file of its source. */
export interface Snapshot {
  /** The database's name in the configuration. */
  readonly database: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly server: Observed<ServerFacts>;
  readonly sessions: Observed<readonly SessionGroup[]>;
  readonly admission: Observed<Admission>;
  /** Probes in a row that were admitted, the newest included; 0 where nobody is admitted or nobody tries. */
  readonly passesInARow: number;
  /** Read on a slower clock; older than the rest. */
  readonly signals: Observed<ServerSignals>;
}
