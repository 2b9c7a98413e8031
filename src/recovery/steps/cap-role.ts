import { z } from 'zod';
import type { Json } from '../../journal/journal.ts';
import { quoteIdentifier, quoteLiteral } from '../../model/quote-sql.ts';
import { psql } from '../manual-commands.ts';
import type { RecoveryStep, Standing, StepCall, Verified } from '../step.ts';
import { serverSchema } from '../step-params.ts';

const paramsSchema = z.object({ role: z.string(), to: z.int().nonnegative(), server: serverSchema });
type Params = z.infer<typeof paramsSchema>;

/** `from`: the limit before, -1 for none. */
const noteSchema = z.object({ from: z.int() });

/** Keeps a role from taking more slots; its existing sessions survive a limit (facts.md, Kubernetes 8). */
export default {
  kind: 'cap-role',
  summary: 'Sets the CONNECTION LIMIT of a role, so that what is ended does not come back.',
  params: paramsSchema,
  // One ALTER ROLE, which answers within its statement_timeout or not at all.
  deadlineMs: 15_000,
  skip: 'Nothing keeps the application from taking the slots again that its ended sessions leave.',
  title: ({ role, to }) => `Limit role ${role} to ${to} connections`,
  manual: ({ role, to, server }) => [
    {
      say: `Prints the limit that ${role} has now, -1 for none: write it down, it takes this back later.`,
      run: psql(server, showLimit(role)),
      otherwise: `superuser is t: a limit does nothing. limit is from 0 to ${to}: it is tight enough. Leave it, and go on.`,
    },
    {
      say: 'Sets it, where it is none or looser; sessions that are there stay. It must say "ALTER ROLE", and the new limit.',
      run: psql(
        server,
        `${alterGuarded(role, `rolconnlimit < 0 or rolconnlimit > ${to}`, `${to}`)}\n${showLimit(role)}`,
      ),
      otherwise: `An error about permissions: as a superuser (PGUSER), or with CREATEROLE and ADMIN OPTION on ${role}.`,
    },
  ],
  check,
  act: ({ params: { role, to }, own, tools }) => {
    const from = readFrom(own);
    return from === null
      ? Promise.resolve({ kind: 'refused', reason: `the limit that ${role} had was not noted` })
      : tools.server.setRoleLimit(role, from, to);
  },
  verify: (call) => verifyLimit(call, call.params.to),
  undo: {
    title: ({ role }) => `Give role ${role} the limit back that it had`,
    manual: ({ role, to, server }) => [
      {
        say: 'Put the limit that was written down in place of -1, which means none. Where somebody has changed it since, it is left as it is.',
        run: psql(server, `${alterGuarded(role, `rolconnlimit = ${to}`, ":'limit'::int")}\n${showLimit(role)}`, {
          limit: '-1',
        }),
      },
    ],
    check: checkUndo,
    act: ({ params: { role, to }, own, tools }) => {
      const from = readFrom(own);
      return from === null
        ? Promise.resolve({ kind: 'refused', reason: `the limit that ${role} had was not noted` })
        : tools.server.setRoleLimit(role, to, from);
    },
    verify: (call) => verifyLimit(call, readFrom(call.own)),
  },
} satisfies RecoveryStep<Params>;

/** The statement, as people run it. Pure. */
export function alterLimit(role: string, limit: number): string {
  return `ALTER ROLE ${quoteIdentifier(role)} CONNECTION LIMIT ${limit}`;
}

function showLimit(role: string): string {
  return `select rolname, rolconnlimit as limit, rolsuper as superuser from pg_roles where rolname = ${quoteLiteral(role)};`;
}

/** Only where the limit is still what was seen: \gexec runs the statement that the query gives, or none. */
function alterGuarded(role: string, still: string, limit: string): string {
  return `select format('alter role %I connection limit %s', rolname, ${limit}) from pg_roles\nwhere rolname = ${quoteLiteral(role)} and not rolsuper and (${still}) \\gexec`;
}

async function check(call: StepCall<Params>): Promise<Standing> {
  const { role, to } = call.params;
  const found = await readLimit(call);
  if (found.kind !== 'role') return found;
  const { limit, superuser, alterable } = found;
  if (superuser)
    return { kind: 'blocked', saw: `${role} is a superuser: a limit does nothing, its sessions must be ended` };
  // A tighter one is somebody's choice, and does what this step is for.
  if (limit >= 0 && limit <= to) return { kind: 'acted', saw: describe(role, limit), note: call.own };
  if (!alterable)
    return { kind: 'blocked', saw: `Breakwater may not change ${role}. By hand: ${alterLimit(role, to)};` };
  return { kind: 'ready', saw: describe(role, limit), note: { from: limit } };
}

async function checkUndo(call: StepCall<Params>): Promise<Standing> {
  const { role, to } = call.params;
  const from = readFrom(call.own);
  if (from === null) return { kind: 'acted', saw: `the limit of ${role} was not changed by this run` };
  const found = await readLimit(call);
  if (found.kind !== 'role') return found;
  if (found.limit === from) return { kind: 'acted', saw: describe(role, from) };
  if (found.limit === to) return { kind: 'ready', saw: describe(role, to) };
  return { kind: 'blocked', saw: `somebody has changed it since: ${describe(role, found.limit)}. It is left as it is` };
}

async function verifyLimit(call: StepCall<Params>, wanted: number | null): Promise<Verified> {
  const { role, to } = call.params;
  const found = await readLimit(call);
  if (found.kind === 'blocked') return { kind: 'failed', saw: found.saw };
  if (found.kind === 'unknown') return found;
  const saw = describe(role, found.limit);
  const tighter = wanted === to && found.limit >= 0 && found.limit < to;
  if (found.limit !== wanted && !tighter) return { kind: 'waiting', saw };
  const from = wanted === to ? readFrom(call.own) : null;
  // Once the run is over nothing offers to undo it.
  return { kind: 'holds', saw: from === null ? saw : `${saw}; to take it back: ${alterLimit(role, from)};` };
}

type FoundLimit =
  | { readonly kind: 'role'; readonly limit: number; readonly superuser: boolean; readonly alterable: boolean }
  | { readonly kind: 'unknown'; readonly saw: string }
  | { readonly kind: 'blocked'; readonly saw: string };

async function readLimit({ params: { role }, tools }: StepCall<Params>): Promise<FoundLimit> {
  const roles = await tools.server.readRoleLimits([role]);
  if (!roles.ok) return { kind: 'unknown', saw: `the limit of ${role} cannot be read: ${roles.reason}` };
  const found = roles.value.find((each) => each.role === role);
  if (found === undefined) return { kind: 'blocked', saw: `there is no role ${role} (any more)` };
  return { kind: 'role', ...found };
}

function readFrom(own: Json): number | null {
  const parsed = noteSchema.safeParse(own);
  return parsed.success ? parsed.data.from : null;
}

function describe(role: string, limit: number): string {
  return limit < 0 ? `${role} has no limit` : `${role} is limited to ${limit}`;
}
