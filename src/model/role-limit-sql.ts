import { quoteIdentifier } from './quote-sql.ts';

/** Sets one role's CONNECTION LIMIT; -1 is none. Sessions that are there stay, superusers ignore it. */
export function alterRoleLimit(role: string, limit: number): string {
  return `ALTER ROLE ${quoteIdentifier(role)} CONNECTION LIMIT ${limit};`;
}

/**
 * Lets `bot` set the CONNECTION LIMIT of these roles, for a superuser to run: CREATEROLE and, from PostgreSQL 16 on, ADMIN OPTION on
 * each (facts.md, PostgreSQL 19), without the rights that a membership brings otherwise. Before 16 CREATEROLE alone is over
 * every role that is no superuser.
 */
export function grantRoleLimits(bot: string, roles: readonly string[], versionNumber: number): readonly string[] {
  const grantee = quoteIdentifier(bot);
  const admin = roles.map(
    (role) => `GRANT ${quoteIdentifier(role)} TO ${grantee} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;`,
  );
  return [`ALTER ROLE ${grantee} CREATEROLE;`, ...(versionNumber >= 160_000 ? admin : [])];
}
