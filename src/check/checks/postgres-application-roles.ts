import type { RoleFacts } from '../../model/postgres-facts.ts';
import { quoteIdentifier } from '../../model/quote-sql.ts';
import { type Check, fault, fine, type Judgement, warning } from '../check.ts';
import { listRoleLimits, type RoleLimit, suggestConnectionLimit } from '../connection-limits.ts';

/** facts.md, Kubernetes 8. */
export default {
  area: 'postgres',
  scope: 'database',
  summary:
    'The roles of the configured applications exist, are no superusers, and have a CONNECTION LIMIT above their alert.',
  judge: ({ roles }, database) =>
    listRoleLimits(database).map((limit) => judgeRole(database.name, limit, roles.get(limit.role))),
} satisfies Check;

function judgeRole(
  database: string,
  { role, applications, limit }: RoleLimit,
  facts: RoleFacts | undefined,
): Judgement {
  const subject = `${database}: ${role}`;
  const who = applications.join(', ');
  const quoted = quoteIdentifier(role);
  if (facts === undefined)
    return warning(subject, {
      what: `there is no role ${role}, as which ${who} is said to connect`,
      why: 'Its sessions are counted under another name, and its alert never fires.',
      mend: `Correct match.user of ${who}. The roles that log in:\nSELECT rolname FROM pg_roles WHERE rolcanlogin ORDER BY 1;`,
    });
  if (facts.superuser)
    return fault(subject, {
      what: `${who} connects as ${role}, a superuser`,
      why: 'A superuser ignores every CONNECTION LIMIT and takes the reserved slots too; its sessions are never ended by kill-stale.',
      mend: `ALTER ROLE ${quoted} NOSUPERUSER;\n-- if it is the server's only one, make another first`,
    });
  if (limit === null)
    return fine(
      subject,
      facts.connectionLimit === null ? 'no limit is configured' : `CONNECTION LIMIT ${facts.connectionLimit}`,
    );
  const suggested = suggestConnectionLimit(limit);
  const set = `ALTER ROLE ${quoted} CONNECTION LIMIT ${suggested};`;
  if (facts.connectionLimit === null)
    return warning(subject, {
      what: `${role} has no CONNECTION LIMIT; ${who} alerts at ${limit}`,
      why: 'One application can take every slot, and all the others are down with it.',
      mend: set,
    });
  if (facts.connectionLimit < limit)
    return warning(subject, {
      what: `the CONNECTION LIMIT of ${role} is ${facts.connectionLimit}, below the ${limit} at which ${who} alerts`,
      why: 'It is refused before its alert fires: nobody is told.',
      mend: `${set}   -- or lower its limit in the configuration`,
    });
  return fine(subject, `CONNECTION LIMIT ${facts.connectionLimit}, its alert at ${limit}`);
}
