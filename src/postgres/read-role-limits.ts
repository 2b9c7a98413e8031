import { z } from 'zod';
import type { RoleLimit } from '../model/database-recovery.ts';
import { ALTERABLE_ROLE } from './alterable-role.ts';
import type { RunQuery } from './held-session.ts';
import { type Parsed, parseRows } from './parse-rows.ts';

/** Compared as texts: a name of more than 63 bytes, cut to fit, may be another role's. */
const LIMITS = `
  select
    role.rolname::text as role,
    role.rolconnlimit as "limit",
    role.rolsuper as superuser,
    ${ALTERABLE_ROLE} as alterable
  from pg_catalog.pg_roles as role
  cross join pg_catalog.pg_roles as me
  where role.rolname::text = any ($1::text[]) and me.rolname = current_user
  order by 1`;

const rowsSchema = z.array(
  z.object({ role: z.string(), limit: z.int(), superuser: z.boolean(), alterable: z.boolean() }),
);

/** The CONNECTION LIMIT of those of these roles that exist. Needs no privilege. */
export async function readRoleLimits(query: RunQuery, roles: readonly string[]): Promise<Parsed<readonly RoleLimit[]>> {
  return parseRows(rowsSchema, await query(LIMITS, [roles]));
}
