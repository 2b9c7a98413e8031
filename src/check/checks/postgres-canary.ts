import { VERDICT_MEANINGS, type Verdict } from '../../model/admission.ts';
import { quoteIdentifier } from '../../model/quote-sql.ts';
import { type Check, fault, fine, type Judgement, unknown } from '../check.ts';

export default {
  area: 'postgres',
  scope: 'database',
  summary: 'The canary logs in, and is as ordinary as an application: no superuser, no reserved slots.',
  judge({ canary, roles }, { name, canary: configured }): readonly Judgement[] {
    if (configured === undefined || canary === null) return [];
    const subject = `${name}: canary`;
    const role = quoteIdentifier(configured.user);
    const facts = roles.get(configured.user);
    const findings: Judgement[] = [];
    if (facts?.superuser)
      findings.push(
        fault(`${subject}: superuser`, {
          what: `${configured.user} is a superuser`,
          why: 'It gets in where applications are refused: a full server would look healthy.',
          mend: `ALTER ROLE ${role} NOSUPERUSER;`,
        }),
      );
    else if (facts?.usesReservedSlots)
      findings.push(
        fault(`${subject}: reserved slots`, {
          what: `${configured.user} has pg_use_reserved_connections`,
          why: 'It gets in where applications are refused: a full server would look healthy.',
          mend: `REVOKE pg_use_reserved_connections FROM ${role};`,
        }),
      );
    const { lets, fact, next } = VERDICT_MEANINGS[canary.verdict];
    if (lets === 'in')
      return findings.length > 0 ? findings : [fine(subject, `${configured.user} logs in as applications do`)];
    const remedy = REMEDIES.get(canary.verdict)?.(role, quoteIdentifier(configured.database)) ?? null;
    // A full or starting server says nothing of the canary itself.
    if (remedy === null) return [...findings, unknown(`${subject}: login`, `${fact}. ${next}`)];
    return [
      ...findings,
      fault(`${subject}: login`, {
        what: `${configured.user} cannot log in: ${fact}${canary.serverSaid === null ? '' : ` (“${canary.serverSaid}”)`}`,
        why: 'The bot cannot tell whether applications get in.',
        mend: remedy,
      }),
    ];
  },
} satisfies Check;

/** Of what is wrong with the canary itself. */
type Remedy = (role: string, database: string) => string;
const REMEDIES: ReadonlyMap<Verdict, Remedy> = new Map<Verdict, Remedy>([
  [
    'auth-refused',
    (role) =>
      `CREATE ROLE ${role} LOGIN CONNECTION LIMIT 2;   -- unless it is there\n\\password ${role}   -- in psql; the same as its password in the environment\n-- and a line for it in pg_hba.conf`,
  ],
  ['no-such-database', (_, database) => `CREATE DATABASE ${database};   -- or correct canary.database`],
  ['role-limit', (role) => `ALTER ROLE ${role} CONNECTION LIMIT 2;`],
  ['tls-failed', () => VERDICT_MEANINGS['tls-failed'].next],
]);
