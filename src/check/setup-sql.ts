import type { DatabaseConfig } from '../config/config.ts';
import { quoteIdentifier, quoteLiteral } from '../model/quote-sql.ts';
import { grantRoleLimits } from '../model/role-limit-sql.ts';
import { listRoleLimits, suggestConnectionLimit } from './connection-limits.ts';

export interface SetupSubject extends Pick<DatabaseConfig, 'applications'> {
  readonly connection: { readonly user: string };
  readonly canary: { readonly user: string } | undefined;
}

/**
 * The SQL that makes the roles one database is watched with, for a superuser to run; running it again does no harm. It
 * holds no password, and changes no role but these two. docs/postgres-roles.sql is written by it. Pure.
 */
export function renderSetupSql({ connection, canary, applications }: SetupSubject): string {
  const parts = [
    HEAD(connection.user, canary?.user ?? null),
    ...botPart(connection.user),
    ...(canary === undefined ? [] : [canaryPart(canary.user)]),
    ...limitsPart({ applications }),
    ...capPart(connection.user, { applications }),
  ];
  return `${parts.join('\n\n')}\n`;
}

function HEAD(bot: string, canary: string | null): string {
  const passwords = [bot, ...(canary === null ? [] : [canary])].map((role) => `\\password ${quoteIdentifier(role)}`);
  return `-- ${canary === null ? 'The role' : 'The two roles'} that Breakwater logs in as. Run it as a superuser, in any
-- database of the server; running it again does no harm. Then let them in
-- through pg_hba.conf and give each a password, in psql:
--   ${passwords.join('\n--   ')}
-- What is missing then says: breakwater check`;
}

function botPart(role: string): readonly string[] {
  const quoted = quoteIdentifier(role);
  return [
    `-- The bot: sees every session, may end those of ordinary roles, reads no table.
${createRole(role, 'login')}
-- Without pg_monitor the states and addresses of others are hidden, and counts
-- are too low.
grant pg_monitor to ${quoted};
grant pg_signal_backend to ${quoted}; -- for kill-stale`,
    `-- PostgreSQL 16 and later: slots that applications cannot take, so that the bot
-- gets in when the server is full. They are there once reserved_connections is
-- 2 or more, which takes a restart of the server:
--   alter system set reserved_connections = 5;
-- Before 16 only a superuser has reserved slots: there the bot lives by the
-- connection that it holds.
${doBlock(`begin
  if current_setting('server_version_num')::int >= 160000 then
    grant pg_use_reserved_connections to ${quoted};
  end if;
end`)}`,
  ];
}

function canaryPart(role: string): string {
  return `-- The canary: an ordinary role, refused exactly when applications are. Two
-- connections, as one probe may still be on its way out when the next begins.
-- Grant it nothing, and above all no reserved slots: it would then report a
-- full server as well.
${createRole(role, 'login connection limit 2')}`;
}

/** Comments: roles that are the applications' own are theirs to change. */
function limitsPart(database: Pick<SetupSubject, 'applications'>): readonly string[] {
  const limits = listRoleLimits(database).flatMap(({ role, limit }) =>
    limit === null
      ? []
      : [`--   alter role ${quoteIdentifier(role)} connection limit ${suggestConnectionLimit(limit)};`],
  );
  if (limits.length === 0) return [];
  const text = `-- Recommended: a limit for each application, a quarter above its alert, so that
-- none takes every slot. Sessions that are there stay; superusers ignore it.`;
  return [[text, ...limits].join('\n')];
}

/** Comments: the one grant that reaches over the applications' roles is somebody's choice. */
function capPart(bot: string, database: Pick<SetupSubject, 'applications'>): readonly string[] {
  const roles = listRoleLimits(database).map(({ role }) => role);
  const text = `-- Optional: with this, /db recover cap-application sets an application's limit
-- itself; without it, it shows the SQL. Before PostgreSQL 16 CREATEROLE alone
-- is enough, and reaches every role that is no superuser, its password too.`;
  const grants = grantRoleLimits(bot, roles.length > 0 ? roles : ['application'], 160_000);
  return [[text, ...grants.map((grant) => `--   ${grant.replace(' WITH ', '\n--     WITH ')}`)].join('\n')];
}

function createRole(role: string, options: string): string {
  return doBlock(`begin
  if not exists (select from pg_roles where rolname = ${quoteLiteral(role)}) then
    create role ${quoteIdentifier(role)} ${options};
  end if;
end`);
}

/** Between dollar quotes that the body does not hold, whatever a role is called. */
function doBlock(body: string): string {
  let tag = '$$';
  for (let n = 1; body.includes(tag); n += 1) tag = `$b${n}$`;
  return `do ${tag}\n${body}\n${tag};`;
}
