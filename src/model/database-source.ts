import type { Admission } from './admission.ts';
import type { Observed } from './observed.ts';
import type { ServerFacts } from './server-facts.ts';
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
  /** One fresh connection as an ordinary role; without a canary role it says so (`ok: false`). */
  probeAdmission(): Promise<Observed<Admission>>;
  /** Ends the held connection and every retry. */
  close(): Promise<void>;
}
