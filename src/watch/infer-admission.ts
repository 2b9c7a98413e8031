import { type Admission, NOBODY_TRIES, type Verdict } from '../model/admission.ts';
import { usableConnections } from '../model/capacity.ts';
import { type Observed, seen, unseen } from '../model/observed.ts';
import type { ServerFacts } from '../model/server-facts.ts';
import { countSessions, type SessionGroup } from '../model/session-group.ts';

/**
 * Without a canary role, and the verdict says that it was inferred (product.md §5): used ≥ usable means full; and while
 * no session is held, what refuses the bot refuses everybody, if it has nothing to do with the bot's role. Of all else
 * nothing is known of whether clients get in, so it stays unknown.
 */
export function inferAdmission(
  sessions: Observed<readonly SessionGroup[]>,
  server: Observed<ServerFacts>,
  lossVerdict: Verdict | null,
): Observed<Admission> {
  const { at } = sessions;
  if (!sessions.ok) {
    return lossVerdict !== null && HOLDS_FOR_EVERYBODY[lossVerdict] ? infer(lossVerdict, at) : sessions;
  }
  if (!server.ok) return server;
  const used = countSessions(sessions.value);
  const { capacity } = server.value;
  if (used < usableConnections(capacity)) {
    return unseen(NOBODY_TRIES, at);
  }
  return infer(used >= capacity.max ? 'completely-full' : 'only-reserved-left', at);
}

function infer(verdict: Verdict, at: number): Observed<Admission> {
  return seen({ verdict, inferred: true, tookMs: null, serverSaid: null }, at);
}

/**
 * Whether a canary beside the bot, an ordinary role that asks for the same database, would have heard the same. Also where
 * only the way or the database is at fault (`unreachable`, `tls-failed`, `no-such-database`): the canary knows no better.
 */
const HOLDS_FOR_EVERYBODY: Readonly<Record<Verdict, boolean>> = {
  // Whoever asks, they are refused before they can say who they are.
  stopped: true,
  frozen: true,
  unreachable: true,
  'tls-failed': true,
  'half-authenticated': true,
  'completely-full': true,
  starting: true,
  'crash-recovery': true,
  'shutting-down': true,
  // As an answer to a login: a standby with hot_standby = off, which lets nobody in.
  'read-only': true,
  // Of the database, whatever the role.
  'no-such-database': true,
  'database-limit': true,
  // The bot is an ordinary role or better: what is left for neither is not left for ordinary roles (facts.md, PostgreSQL 1).
  'only-reserved-left': true,
  // The bot's own limit, password, grant or line in pg_hba.conf; applications have theirs.
  'role-limit': false,
  'auth-refused': false,
  // Nobody knows whom it is about.
  unrecognised: false,
  // No refusal.
  admitted: false,
};
