import { grantRoleLimits } from '../../model/role-limit-sql.ts';
import { type Check, fine, type Judgement, optional } from '../check.ts';
import { listRoleLimits } from '../connection-limits.ts';

/** product.md §5: everything beyond the grants of `postgres-privileges` is optional (facts.md, PostgreSQL 19). */
export default {
  area: 'postgres',
  scope: 'database',
  summary:
    "Named, not asked for: the grants by which `cap-application` could set an application's CONNECTION LIMIT itself.",
  judge({ server, roles }, database): readonly Judgement[] {
    const names = listRoleLimits(database).flatMap(({ role }) => (roles.has(role) ? [role] : []));
    const [superusers, ordinary] = split(names, (role) => roles.get(role)?.superuser === true);
    const [able, unable] = split(ordinary, (role) => roles.get(role)?.adjustable === true);
    const subject = `${database.name}: cap-application`;
    if (names.length === 0) return [];
    const ignored = superusers.length === 0 ? '' : `; superusers ignore theirs: ${superusers.join(', ')}`;
    const may = able.length === 0 ? '' : `the bot may set the CONNECTION LIMIT of ${able.join(', ')}`;
    if (unable.length === 0) return [fine(subject, `${may || 'no application has a limit to set'}${ignored}`)];
    return [
      optional(subject, {
        what: `optional: the bot may not set the CONNECTION LIMIT of ${unable.join(', ')}${may && `; ${may}`}${ignored}`,
        why:
          server.versionNumber >= 160_000
            ? 'Without it the bot shows the SQL, and somebody with the rights runs it.'
            : 'Without it the bot shows the SQL, and somebody with the rights runs it. Before PostgreSQL 16 CREATEROLE is over every role that is no superuser, passwords too: weigh it.',
        mend: grantRoleLimits(database.connection.user, unable, server.versionNumber).join('\n'),
      }),
    ];
  },
} satisfies Check;

function split(
  names: readonly string[],
  is: (name: string) => boolean,
): readonly [readonly string[], readonly string[]] {
  return [names.filter(is), names.filter((name) => !is(name))];
}
