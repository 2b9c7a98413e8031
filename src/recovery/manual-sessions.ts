import { OWN_APPLICATION } from '../model/application.ts';
import { quoteLiteral } from '../model/quote-sql.ts';
import type { Owner } from './step-params.ts';

// SQL for people: what the bot asks for, in statements that psql runs as they stand. Read by pg_monitor, ended by pg_signal_backend.

/** Which sessions a statement is about; every part must hold. */
export interface ManualScope {
  /** Of the last of these, in the order of the configuration: the first that matches a session has it. Null: of anybody. */
  readonly owners: readonly Owner[] | null;
  /** Values of application_name that are never ended. */
  readonly protect: readonly string[];
  /** What else must be true, as SQL; null: nothing. */
  readonly where: string | null;
}

/** Lists what `endSessions` would end. Pure. */
export function listSessions(scope: ManualScope): string {
  return `select pid, usename, datname, application_name, client_addr, state, now() - state_change as unchanged_for, now() - backend_start as age\n${from(scope)}\norder by state_change`;
}

/** The same by role and state, the most first: few lines, also of a full server. Pure. */
export function countSessions(scope: ManualScope): string {
  return `select usename as role, state, count(*), max(now() - state_change) as longest_unchanged\n${from(scope)}\ngroup by 1, 2 order by 3 desc;`;
}

/** Where they come from: one address a line. Pure. */
export function listAddresses(scope: ManualScope): string {
  return `\\set QUIET 1\n\\pset format unaligned\n\\pset tuples_only\nselect host(client_addr), count(*), string_agg(distinct usename, ', ')\n${from(scope)} and client_addr is not null\ngroup by 1 order by 2 desc;`;
}

/** Ends them. Everything is decided before the first signal: a superuser's row would end the statement halfway (facts.md, PostgreSQL 7). Pure. */
export function endSessions(scope: ManualScope): string {
  return `with stale as materialized (select pid, usename\n${from(scope)})\nselect pid, usename, pg_terminate_backend(pid) from stale`;
}

/** How many ordinary clients could still come in. Pure. */
export const countFree = `select pg_is_in_recovery() as recovering,
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true)::int, 0) - count(*) as free
from pg_stat_activity where backend_type = 'client backend';`;

/** Who holds the connections, the most first. Pure. */
export const countHolders = `select usename as role, count(*) as sessions, count(*) filter (where state = 'idle') as idle,
  count(*) filter (where state like 'idle in%') as idle_in_transaction
from pg_stat_activity where backend_type = 'client backend' group by 1 order by 2 desc;`;

/** Idle for so long, or in an open transaction that does nothing for so long, milliseconds. Pure. */
export function staleFor({
  idleMs,
  inTransactionMs,
}: {
  readonly idleMs: number;
  readonly inTransactionMs: number;
}): string {
  const since = (ms: number) => `state_change <= now() - interval '${ms / 1_000} s'`;
  return `(state = 'idle' and ${since(idleMs)} or state in ('idle in transaction', 'idle in transaction (aborted)') and ${since(inTransactionMs)})`;
}

function from({ owners, protect, where }: ManualScope): string {
  const guards = [
    "backend_type = 'client backend'",
    'not rolsuper',
    'not rolreplication',
    'pid <> pg_backend_pid()',
    `application_name <> ${quoteLiteral(OWN_APPLICATION)}`,
    ...(protect.length === 0 ? [] : [`not application_name ~* ${quoteLiteral(protectedPattern(protect))}`]),
    ...(owners === null ? [] : [ownedBy(owners)]),
    ...(where === null ? [] : [where]),
  ];
  return `from pg_stat_activity join pg_roles on pg_roles.oid = usesysid\nwhere ${guards.join('\n  and ')}`;
}

/** As spare-session.ts takes a name for protected: tools add to theirs, as in `pgBackRest [backup]`. No `!`: some shells replace it. */
function protectedPattern(names: readonly string[]): string {
  const words = names.map((name) => name.replaceAll(/[^\p{L}\p{N}_]/gu, String.raw`\$&`));
  return `^(?:${words.join('|')})(?:$|[^A-Za-z0-9_])`;
}

function ownedBy(owners: readonly Owner[]): string {
  const conditions = owners.map(({ match }) => {
    const parts = [
      ['usename', match.user],
      ['datname', match.database],
      ['application_name', match.applicationName],
    ].flatMap(([column, value]) => (value === undefined ? [] : [`${column} = ${quoteLiteral(value)}`]));
    return parts.length === 0 ? 'true' : `(${parts.join(' and ')})`;
  });
  const own = conditions.pop() ?? 'false';
  return [own, ...conditions.map((earlier) => `not ${earlier}`)].join(' and ');
}
