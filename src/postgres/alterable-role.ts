/**
 * True where the role `me` may set the CONNECTION LIMIT of the role `role`, both of pg_roles: CREATEROLE, and from PostgreSQL 16
 * on ADMIN OPTION too (facts.md, PostgreSQL 19); before, roles with REPLICATION were the superusers' alone.
 */
export const ALTERABLE_ROLE = `
    me.rolsuper or (
      me.rolcreaterole and not role.rolsuper and case
        when current_setting('server_version_num')::int < 160000 then not role.rolreplication
        else pg_catalog.pg_has_role(role.oid, 'member with admin option')
      end
    )`;
