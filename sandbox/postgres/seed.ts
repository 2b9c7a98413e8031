import { Client, escapeIdentifier, escapeLiteral } from 'pg';

export interface RoleSpec {
  readonly name: string;
  readonly password: string;
  readonly superuser?: boolean | undefined;
  readonly connectionLimit?: number | undefined;
  /** Roles whose rights it gets, as in `pg_monitor`. */
  readonly memberOf?: readonly string[] | undefined;
  /** Roles that it may alter, and has no rights of; for that it gets CREATEROLE too (facts.md, PostgreSQL 19). */
  readonly adminOf?: readonly string[] | undefined;
}

export interface DatabaseSpec {
  readonly name: string;
  readonly owner?: string | undefined;
  readonly connectionLimit?: number | undefined;
}

/** Creates the roles, then the databases, over one superuser session; without either it does not connect. */
export async function seed(
  login: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    readonly database: string;
  },
  roles: readonly RoleSpec[],
  databases: readonly DatabaseSpec[],
): Promise<void> {
  const statements = [...roles.flatMap(roleStatements), ...databases.map(databaseStatement)];
  if (statements.length === 0) return;
  const client = new Client({ ...login, ssl: false });
  try {
    await client.connect();
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

export function roleStatements({
  name,
  password,
  superuser = false,
  connectionLimit = -1,
  memberOf = [],
  adminOf = [],
}: RoleSpec): string[] {
  const role = escapeIdentifier(name);
  const create = `create role ${role} login password ${escapeLiteral(password)}
    ${superuser ? 'superuser' : 'nosuperuser'} ${adminOf.length > 0 ? 'createrole' : 'nocreaterole'} connection limit ${connectionLimit}`;
  return [
    create,
    ...memberOf.map((group) => `grant ${escapeIdentifier(group)} to ${role}`),
    ...adminOf.map((other) => `grant ${escapeIdentifier(other)} to ${role} with admin true, inherit false, set false`),
  ];
}

export function databaseStatement({ name, owner = 'postgres', connectionLimit = -1 }: DatabaseSpec): string {
  return `create database ${escapeIdentifier(name)} owner ${escapeIdentifier(owner)} connection limit ${connectionLimit}`;
}
