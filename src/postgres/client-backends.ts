import { z } from 'zod';
import { OWN_APPLICATION } from '../model/application.ts';
import { SESSION_STATES } from '../model/session-group.ts';

/**
 * Who a client backend of pg_stat_activity is and what it does, the same wherever it is read. One that has not logged in
 * is `starting`: state NULL, and from PostgreSQL 18 on `starting`; a process of the server's own has no state either, and is `other`. Own are the sessions that log in under the bot's role,
 * or the canary's, *and* its name: the name alone anybody can take. Its parameters: clientBackendParameters.
 */
export const CLIENT_BACKEND_COLUMNS = `
    usename::text as "user",
    datname::text as database,
    application_name as "applicationName",
    pg_catalog.host(client_addr) as address,
    case
      when state is null and backend_type = 'client backend' then 'starting'
      when state = any ($2::text[]) then state
      else 'other'
    end as state,
    coalesce(application_name = $3 and (usename = session_user or usename = $1), false) as own`;

/**
 * A moment in UTC whatever the role's DateStyle and TimeZone, to the microsecond: the same moment is the same text for as
 * long as the session lives, and `::timestamptz` gives it back. A JavaScript Date would not (facts.md, PostgreSQL 9).
 */
const utcText = (column: string) => `pg_catalog.to_char(${column} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US"+00"')`;

/** Which session it is: a pid is given again (facts.md, PostgreSQL 8). */
export const IDENTITY_COLUMNS = `
    pid,
    ${utcText('backend_start')} as "backendStart"`;

/** What one session does besides: CLIENT_BACKEND_COLUMNS, session by session. No query text, which may hold secrets. */
export const ACTIVE_SESSION_COLUMNS = `
    ${CLIENT_BACKEND_COLUMNS},
    ${IDENTITY_COLUMNS},
    (extract(epoch from clock_timestamp() - state_change) * 1000)::float8 as "stateMs",
    (extract(epoch from clock_timestamp() - xact_start) * 1000)::float8 as "transactionMs",
    wait_event_type as "waitEventType"`;

/** What decides whether a session may be ended, and is still the one that was shown. From BACKENDS_WITH_ROLES. */
export const STANDING_COLUMNS = `
    backend_type as "backendType",
    usesysid as "userId",
    datid as "databaseId",
    rolsuper as superuser,
    rolreplication as replication,
    ${utcText('state_change')} as "stateChange"`;

/** Every backend, beside its role where that is found. */
export const BACKENDS_WITH_ROLES = `
  pg_catalog.pg_stat_activity left join pg_catalog.pg_roles on pg_roles.oid = usesysid`;

export function clientBackendParameters(canaryUser: string | null): readonly unknown[] {
  return [canaryUser, SESSION_STATES, OWN_APPLICATION];
}

/** Hidden without pg_read_all_stats, and null then. */
export const nameSchema = z
  .string()
  .nullable()
  .transform((name) => name ?? '');

// The server's clock may have been set back; SQL's greatest(0, …) would turn "none" into 0.
export const ageSchema = z
  .number()
  .nullable()
  .transform((ms) => (ms === null ? null : Math.max(0, ms)));

/** CLIENT_BACKEND_COLUMNS as parsed. */
export const clientBackendShape = {
  user: z.string().nullable(),
  database: z.string().nullable(),
  applicationName: nameSchema,
  address: z.string().nullable(),
  state: z.enum(SESSION_STATES),
  own: z.boolean(),
};

/** ACTIVE_SESSION_COLUMNS as parsed. */
export const activeSessionShape = {
  ...clientBackendShape,
  pid: z.int().positive(),
  backendStart: z.string(),
  stateMs: ageSchema,
  transactionMs: ageSchema,
  waitEventType: z.string().nullable(),
};

/** STANDING_COLUMNS as parsed. */
export const standingShape = {
  backendType: z.string().nullable(),
  userId: z.int().nullable(),
  databaseId: z.int().nullable(),
  superuser: z.boolean().nullable(),
  replication: z.boolean().nullable(),
  stateChange: z.string().nullable(),
};
