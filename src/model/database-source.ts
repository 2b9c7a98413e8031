import type { ActiveSession } from './activity.ts';
import type { Admission, Verdict } from './admission.ts';
import type { Observed } from './observed.ts';
import type { ServerFacts } from './server-facts.ts';
import type { ServerSignals } from './server-signals.ts';
import type { SessionGroup } from './session-group.ts';

/**
 * The port through which the watch sees one PostgreSQL server. Nothing here throws: what could not be read is
 * `ok: false` with a reason for people.
 */
export interface DatabaseSource {
  /** Facts of the server as of the current held connection; free of I/O. */
  server(): Observed<ServerFacts>;
  /** Calls back when the held connection is gained or lost; returns what ends that. */
  onChange(listener: () => void): () => void;
  /** One grouped query on the held connection; never opens a new one for it. */
  readSessions(): Promise<Observed<readonly SessionGroup[]>>;
  /** What changes slowly, on the held connection; without pg_monitor it says so (`ok: false`). */
  readSignals(): Promise<Observed<ServerSignals>>;
  /** Every client backend by itself, on the held connection: dearer than the grouped query (facts.md, PostgreSQL 13). */
  readActivity(): Promise<Observed<readonly ActiveSession[]>>;
  /** While no connection is held, what the newest attempt to make one was refused with; null else. Free of I/O. */
  lossVerdict(): Verdict | null;
  /** One fresh connection as an ordinary role; without a canary role it says so (`ok: false`). */
  probeAdmission(): Promise<Observed<Admission>>;
  /** Ends the held connection and every retry. */
  close(): Promise<void>;
}
