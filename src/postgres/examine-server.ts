import { z } from 'zod';
import type { Clock } from '../model/clock.ts';
import type { PostgresFacts, PostgresSight, RoleFacts } from '../model/postgres-facts.ts';
import { ALTERABLE_ROLE } from './alterable-role.ts';
import { classifyConnectError } from './classify-connect-error.ts';
import { type Connection, connect } from './connect.ts';
import { quoteServer } from './connect-fault.ts';
import type { RunQuery } from './held-session.ts';
import { type Parsed, parseRows } from './parse-rows.ts';
import { probeAdmission } from './probe-admission.ts';
import { queryWithin } from './query-within.ts';
import { readServerFacts } from './read-server-facts.ts';
import { DEFAULT_TIMEOUTS } from './timeouts.ts';

/** As `show` has it, so that the operating system's defaults are told where the server has none of its own. */
const SETTINGS = `
  select
    pg_backend_pid() as pid,
    current_setting('tcp_keepalives_idle')::int as "idleS",
    current_setting('tcp_keepalives_interval')::int as "intervalS",
    current_setting('tcp_keepalives_count')::int as "count",
    (select setting::int from pg_settings where name = 'client_connection_check_interval') as "clientCheckMs",
    (select setting::int from pg_settings where name = 'idle_in_transaction_session_timeout') as "idleInTransactionMs",
    current_setting('track_activities')::bool as "trackActivities",
    (
      select count(*)::int from pg_stat_activity
      where backend_type = 'client backend' or (backend_type is null and datid is not null)
    ) as total,
    (select count(*)::int from pg_stat_activity where backend_type is null and datid is not null) as hidden`;

const settingsSchema = z.tuple([
  z.object({
    pid: z.int(),
    idleS: z.int(),
    intervalS: z.int(),
    count: z.int(),
    clientCheckMs: z.int().nullable(),
    idleInTransactionMs: z.int(),
    trackActivities: z.boolean(),
    total: z.int(),
    hidden: z.int(),
  }),
]);

const ROLES = `
  select
    role.rolname as name,
    role.rolsuper as superuser,
    role.rolcanlogin as "canLogin",
    nullif(role.rolconnlimit, -1) as "connectionLimit",
    coalesce(
      (select pg_has_role(role.oid, oid, 'usage') from pg_roles where rolname = 'pg_use_reserved_connections'),
      false
    ) as "usesReservedSlots",
    ${ALTERABLE_ROLE} as adjustable
  from pg_roles as role
  cross join pg_roles as me
  where role.rolname = any($1) and me.rolname = current_user`;

const rolesSchema = z.array(
  z.object({
    name: z.string(),
    superuser: z.boolean(),
    canLogin: z.boolean(),
    connectionLimit: z.int().nullable(),
    usesReservedSlots: z.boolean(),
    adjustable: z.boolean(),
  }),
);

export interface ExaminedServer {
  readonly connection: Connection;
  /** Null: no canary. */
  readonly canary: Pick<Connection, 'user' | 'password' | 'database'> | null;
  /** Names of the roles to look at, the canary's among them. */
  readonly roles: readonly string[];
}

/** Looks at one server on a connection of its own, which is gone afterwards, as is the canary's. Needs no privilege. Never throws. */
export async function examineServer(server: ExaminedServer, clock: Clock): Promise<PostgresSight> {
  const { connection, canary } = server;
  const outcome = await connect(connection, { clock, deadlineMs: DEFAULT_TIMEOUTS.connectMs });
  if (!outcome.ok) {
    const { fault } = outcome;
    return { kind: 'refused', verdict: classifyConnectError(fault), serverSaid: quoteServer(fault) };
  }
  const { session } = outcome;
  const read = await readFacts(
    (sql, values) => queryWithin(session, DEFAULT_TIMEOUTS.queryMs, clock, sql, values),
    session.backendPid,
    server.roles,
  );
  // Its slot is free again before the canary asks for one.
  session.end();
  if (!read.ok) return { kind: 'failed', reason: read.reason };
  const login = canary && { ...connection, ...canary };
  const admission = login && (await probeAdmission(login, { clock, deadlineMs: DEFAULT_TIMEOUTS.probeMs }));
  return { kind: 'seen', facts: { ...read.value, canary: admission } };
}

async function readFacts(
  query: RunQuery,
  backendPid: number | null,
  names: readonly string[],
): Promise<Parsed<Omit<PostgresFacts, 'canary'>>> {
  const prepared = await query(
    `select set_config('search_path', 'pg_catalog', false), set_config('statement_timeout', $1, false)`,
    [String(DEFAULT_TIMEOUTS.statementMs)],
  );
  if (!prepared.ok) return prepared;
  const server = await readServerFacts(query);
  if (!server.ok) return server;
  const settings = parseRows(settingsSchema, await query(SETTINGS));
  if (!settings.ok) return settings;
  const roles = parseRows(rolesSchema, await query(ROLES, [names]));
  if (!roles.ok) return roles;
  const [{ pid, idleS, intervalS, count, total, hidden, ...plain }] = settings.value;
  return {
    ok: true,
    value: {
      server: server.value,
      settings: { ...plain, keepalive: idleS === 0 ? null : { idleS, intervalS, count } },
      roles: new Map(roles.value.map(({ name, ...facts }): readonly [string, RoleFacts] => [name, facts])),
      // A pooler invents a pid at login, the server knows its own.
      pooled: backendPid !== null && backendPid !== pid,
      sessions: { total, hidden },
    },
  };
}
