import { z } from 'zod';
import type { Change } from '../model/cluster-changes.ts';
import { quoteIdentifier, quoteLiteral } from '../model/quote-sql.ts';
import { alterRoleLimit, grantRoleLimits } from '../model/role-limit-sql.ts';
import type { RunQuery } from './held-session.ts';
import { parseRows } from './parse-rows.ts';
import type { QueryOutcome } from './query-within.ts';
import { readRoleLimits } from './read-role-limits.ts';

/** What a role's `rolconnlimit` holds: an int4, -1 for none. */
const LARGEST = 2_147_483_647;

/**
 * Three statements in one text are one transaction: all of them, or none, without a session that stays in the middle of it, and
 * without anybody else's statement in between. The first changes nothing and takes the role's row: whoever else alters the role
 * waits for the end of the transaction, and PostgreSQL refuses one of the two ("tuple concurrently updated"). So what the second
 * one reads is what the third one replaces; where it is not `from` it divides by zero. A read followed by an ALTER would not
 * do: an ALTER from elsewhere fits in between, and pg_authid can be locked by superusers alone.
 *
 * Not atomic with it: the look afterwards, by when somebody may have set yet another limit; who is let in meanwhile; and a role that was
 * dropped and made anew under its name with the same limit is taken for the same.
 */
function guarded(role: string, from: number, to: number): string {
  return `
    alter role ${quoteIdentifier(role)};
    select 1 / count(*)::int
    from pg_catalog.pg_roles
    where rolname::text = ${quoteLiteral(role)} and rolconnlimit = ${from};
    ${alterRoleLimit(role, to)}`;
}

/** Sets the CONNECTION LIMIT, but only where it is `from` now, and reads it back. Needs CREATEROLE and ADMIN OPTION on the role. */
export async function setRoleLimit(query: RunQuery, role: string, from: number, to: number): Promise<Change> {
  for (const limit of [from, to]) {
    if (!Number.isInteger(limit) || limit < -1 || limit > LARGEST)
      return refused(`${limit} is no CONNECTION LIMIT: it is a whole number, or -1 for none`);
  }
  const outcome = await query(guarded(role, from, to));
  if (!outcome.ok) return explain(query, outcome, { role, from, to });
  const now = await lookUp(query, role);
  if (typeof now === 'string') return { kind: 'unknown', reason: `the server took ${nameLimit(to)}, then: ${now}` };
  if (now === to) return { kind: 'done' };
  return { kind: 'unknown', reason: `the server took ${nameLimit(to)}, and somebody has set ${nameLimit(now)} since` };
}

type Failure = Extract<QueryOutcome, { ok: false }>;
interface Wanted {
  readonly role: string;
  readonly from: number;
  readonly to: number;
}

async function explain(query: RunQuery, failure: Failure, { role, from, to }: Wanted): Promise<Change> {
  const { sqlState, unsent, reason } = failure;
  if (unsent) return refused(reason);
  // Whether it got as far as the end of its transaction nobody knows.
  if (sqlState === undefined) return { kind: 'unknown', reason };
  switch (sqlState) {
    case '22012': {
      const now = await lookUp(query, role);
      return refused(
        typeof now === 'string'
          ? now
          : `the CONNECTION LIMIT of ${role} is ${nameLimit(now)} by now, not ${nameLimit(from)}: look again`,
      );
    }
    case '42501':
      return refused(await explainRights(query, role, to));
    case '42704':
      return refused(`there is no role ${role}`);
    case '57014':
      return refused(`${reason}. Somebody is changing ${role} and has not committed; nothing was changed: try again`);
    default:
      return refused(`${reason}. Nothing was changed`);
  }
}

const ME = "select current_user::text as bot, current_setting('server_version_num')::int as version";
const meSchema = z.tuple([z.object({ bot: z.string(), version: z.int() })]);

/** What a superuser would run: now, and so that the bot can do it the next time. */
async function explainRights(query: RunQuery, role: string, to: number): Promise<string> {
  const byHand = `Nothing was changed. By hand, as a superuser:\n${alterRoleLimit(role, to)}`;
  const me = parseRows(meSchema, await query(ME));
  if (!me.ok) return `the bot's role may not set the CONNECTION LIMIT of ${role}. ${byHand}`;
  const [{ bot, version }] = me.value;
  const grants = grantRoleLimits(bot, [role], version).join('\n');
  return `${bot} may not set the CONNECTION LIMIT of ${role}. ${byHand}\nSo that Breakwater can do it the next time:\n${grants}`;
}

/** The limit as it is, or in words why nobody knows. */
async function lookUp(query: RunQuery, role: string): Promise<number | string> {
  const read = await readRoleLimits(query, [role]);
  if (!read.ok) return read.reason;
  return read.value[0]?.limit ?? `there is no role ${role}`;
}

function nameLimit(limit: number): string {
  return limit === -1 ? 'none' : String(limit);
}

function refused(reason: string): Change {
  return { kind: 'refused', reason };
}
