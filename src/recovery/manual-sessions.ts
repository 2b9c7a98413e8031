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
  /** What else must be true, as SQL. */
  readonly where: string;
}

/** Lists what `endSessions` would end. Pure. */
export function listSessions(scope: ManualScope): string {
  return `select pid, usename, datname, application_name, client_addr, state, now() - state_change as unchanged_for, now() - backend_start as age ${from(scope)} order by state_change`;
}

/** Ends them. Everything is decided before the first signal: a superuser's row would end the statement halfway (facts.md, PostgreSQL 7). Pure. */
export function endSessions(scope: ManualScope): string {
  return `with stale as materialized (select pid, usename ${from(scope)}) select pid, usename, pg_terminate_backend(pid) from stale`;
}

/** Idle for so long, or in an open transaction that does nothing for so long, milliseconds. Pure. */
export function staleFor({
  idleMs,
  inTransactionMs,
}: {
  readonly idleMs: number;
  readonly inTransactionMs: number;
}): string {
  const since = (ms: number) => `state_change <= now() - interval '${ms} milliseconds'`;
  return `(state = 'idle' and ${since(idleMs)} or state in ('idle in transaction', 'idle in transaction (aborted)') and ${since(inTransactionMs)})`;
}

function from({ owners, protect, where }: ManualScope): string {
  const guards = [
    "backend_type = 'client backend'",
    'not rolsuper',
    'not rolreplication',
    'pid <> pg_backend_pid()',
    `application_name <> ${quoteLiteral(OWN_APPLICATION)}`,
    ...(protect.length === 0 ? [] : [`application_name !~* ${quoteLiteral(protectedPattern(protect))}`]),
    ...(owners === null ? [] : [ownedBy(owners)]),
    where,
  ];
  return `from pg_stat_activity join pg_roles on pg_roles.oid = usesysid where ${guards.join(' and ')}`;
}

/** As spare-session.ts takes a name for protected: tools add to theirs, as in `pgBackRest [backup]`. */
function protectedPattern(names: readonly string[]): string {
  const words = names.map((name) => name.replaceAll(/[^\p{L}\p{N}_]/gu, String.raw`\$&`));
  return `^(?:${words.join('|')})(?![A-Za-z0-9_])`;
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
