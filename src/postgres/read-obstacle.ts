import { escapeIdentifier } from 'pg';
import { z } from 'zod';
import { VERDICT_MEANINGS, type Verdict } from '../model/admission.ts';
import type { TerminationObstacle } from '../model/database-actions.ts';
import type { RunQuery } from './held-session.ts';
import { parseRows } from './parse-rows.ts';

const OBSTACLES = `
  select
    pg_catalog.pg_backend_pid() as pid,
    current_user::text as role,
    pg_catalog.pg_has_role('pg_signal_backend', 'usage') as "signalsBackends"`;

const rowsSchema = z.tuple([z.object({ pid: z.int(), role: z.string(), signalsBackends: z.boolean() })]);

/**
 * Why nobody may be ended through this connection, or null. `promisedPid` is the process that the server named at login:
 * a pooler invents one, and behind it every address and every session is the pooler's (facts.md, PostgreSQL 16). `verdict` is
 * what refused the newest attempt to connect, if one was. Needs no privilege.
 */
export async function readObstacle(
  query: RunQuery,
  promisedPid: () => number | null,
  verdict: () => Verdict | null,
): Promise<TerminationObstacle | null> {
  const parsed = parseRows(rowsSchema, await query(OBSTACLES));
  if (!parsed.ok) {
    const refused = verdict();
    return {
      kind: 'unreachable',
      reason: parsed.reason,
      remedy: refused === null ? 'Try again: the connection is being made anew.' : VERDICT_MEANINGS[refused].next,
    };
  }
  const [{ pid, role, signalsBackends }] = parsed.value;
  if (pid !== promisedPid()) {
    return {
      kind: 'pooler',
      reason:
        'a pooler stands between Breakwater and PostgreSQL: the sessions there are its own, not those of applications',
      remedy: 'Point `connection` at PostgreSQL itself, and name the pooler under `pgbouncer`.',
    };
  }
  if (signalsBackends) return null; // A superuser has every role.
  return {
    kind: 'privilege',
    reason: `the role ${role} lacks pg_signal_backend, and may not end sessions of others`,
    remedy: `GRANT pg_signal_backend TO ${escapeIdentifier(role)};`,
  };
}
