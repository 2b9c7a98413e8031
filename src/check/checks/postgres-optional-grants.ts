import { quoteIdentifier } from '../../model/quote-sql.ts';
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
    const without = names.filter((role) => roles.get(role)?.adjustable === false && !roles.get(role)?.superuser);
    const subject = `${database.name}: cap-application`;
    if (names.length === 0) return [];
    if (without.length === 0) return [fine(subject, 'the bot may set the CONNECTION LIMIT of its applications')];
    const bot = quoteIdentifier(database.connection.user);
    // Before 16 CREATEROLE alone is enough: it is over every role that is no superuser.
    const grants =
      server.versionNumber >= 160_000
        ? without.map((role) => `GRANT ${quoteIdentifier(role)} TO ${bot} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;`)
        : [];
    return [
      optional(subject, {
        what: `optional: the bot may not set the CONNECTION LIMIT of ${without.join(', ')}`,
        why: 'Without it the bot shows the SQL, and somebody with the rights runs it.',
        mend: [`ALTER ROLE ${bot} CREATEROLE;`, ...grants].join('\n'),
      }),
    ];
  },
} satisfies Check;
