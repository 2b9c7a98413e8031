import type { RunQuery } from './held-session.ts';

/** Sets what this server knows of the wanted settings: idle_session_timeout exists from PostgreSQL 14 on. */
const PREPARE = `
  select pg_catalog.set_config(known.name, wanted.value, false)
  from (values
    ('search_path', 'pg_catalog'),
    ('standard_conforming_strings', 'on'),
    ('statement_timeout', $1::text),
    ('idle_session_timeout', '0'),
    ('tcp_keepalives_idle', '60'),
    ('tcp_keepalives_interval', '10'),
    ('tcp_keepalives_count', '3')
  ) as wanted (name, value)
  join pg_catalog.pg_settings as known using (name)`;

/**
 * Makes a fresh session fit to be held: never ended for idleness, no statement without end, no function but the system's
 * own, and its slot free again within two minutes of the bot's disappearance. Returns why that failed, or null.
 */
export async function prepareSession(query: RunQuery, statementTimeoutMs: number): Promise<string | null> {
  const outcome = await query(PREPARE, [String(statementTimeoutMs)]);
  return outcome.ok ? null : outcome.reason;
}
