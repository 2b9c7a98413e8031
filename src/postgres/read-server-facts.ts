import { z } from 'zod';
import type { ServerFacts } from '../model/server-facts.ts';
import type { RunQuery } from './held-session.ts';
import { decideMissingPrivileges } from './missing-privileges.ts';
import { type Parsed, parseRows } from './parse-rows.ts';

/** `reserved_connections` and pg_use_reserved_connections came with PostgreSQL 16: asked for without failing before. */
const FACTS = `
  select
    current_setting('server_version_num')::int as "versionNumber",
    split_part(current_setting('server_version'), ' ', 1) as version,
    current_setting('max_connections')::int as max,
    current_setting('superuser_reserved_connections')::int as "superuserReserved",
    coalesce(nullif(current_setting('reserved_connections', true), ''), '0')::int as reserved,
    pg_is_in_recovery() as "inRecovery",
    trunc(extract(epoch from pg_postmaster_start_time()) * 1000)::float8 as "startedAt",
    current_user::text as role,
    (select rolsuper from pg_roles where rolname = current_user) as superuser,
    pg_has_role('pg_read_all_stats', 'usage') as "readsAllStats",
    pg_has_role('pg_signal_backend', 'usage') as "signalsBackends",
    (select pg_has_role(oid, 'usage') from pg_roles where rolname = 'pg_use_reserved_connections')
      as "usesReservedConnections"`;

const rowsSchema = z.tuple([
  z.object({
    versionNumber: z.int(),
    version: z.string(),
    max: z.int(),
    superuserReserved: z.int(),
    reserved: z.int(),
    inRecovery: z.boolean(),
    startedAt: z.number(),
    role: z.string(),
    superuser: z.boolean(),
    readsAllStats: z.boolean(),
    signalsBackends: z.boolean(),
    usesReservedConnections: z.boolean().nullable(),
  }),
]);

/** Version, slots, recovery and the privileges of the role that asks. PostgreSQL 13 and later; needs no privilege. */
export async function readServerFacts(query: RunQuery): Promise<Parsed<ServerFacts>> {
  const parsed = parseRows(rowsSchema, await query(FACTS));
  if (!parsed.ok) return parsed;
  const [row] = parsed.value;
  const { versionNumber, version, max, superuserReserved, reserved, inRecovery, startedAt, ...rights } = row;
  const capacity = { max, superuserReserved, reserved };
  const missingPrivileges = decideMissingPrivileges(rights, capacity);
  return { ok: true, value: { versionNumber, version, capacity, inRecovery, startedAt, missingPrivileges } };
}
