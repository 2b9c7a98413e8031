import type { Admission } from '../model/admission.ts';
import { usableConnections } from '../model/capacity.ts';
import type { Observed } from '../model/observed.ts';
import type { ServerFacts } from '../model/server-facts.ts';
import { countSessions, type SessionGroup } from '../model/session-group.ts';

/**
 * Without a canary role: used ≥ usable means full, and the verdict says that it was inferred (product.md §5). Below
 * that nothing is known of whether clients get in, so it stays unknown.
 */
export function inferAdmission(
  sessions: Observed<readonly SessionGroup[]>,
  server: Observed<ServerFacts>,
): Observed<Admission> {
  const { at } = sessions;
  if (!sessions.ok) return sessions;
  if (!server.ok) return server;
  const used = countSessions(sessions.value);
  const { capacity } = server.value;
  if (used < usableConnections(capacity)) {
    return { ok: false, reason: 'no canary role is configured, so nobody tried to connect', at };
  }
  const verdict = used >= capacity.max ? 'completely-full' : 'only-reserved-left';
  return { ok: true, value: { verdict, inferred: true, tookMs: null, serverSaid: null }, at };
}
