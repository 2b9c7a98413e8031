import { type Application, nameApplication } from '../../model/application.ts';
import { usableConnections } from '../../model/capacity.ts';
import type { RoleLimit } from '../../model/database-recovery.ts';
import type { KillTarget } from '../../model/kill-plan.ts';
import type { RecoveryFacts, RecoverySettings } from '../facts.ts';
import { countOf, findHolder, type Holder, listHolders } from '../holders.ts';
import type { PlanStep } from '../plan.ts';
import { judgeSessions, toShown } from '../sessions-to-end.ts';
import { ownersUpTo } from '../step-params.ts';
import { alterLimit } from '../steps/cap-role.ts';
import type { Composed, Outlined, Strategy } from '../strategy.ts';

export default {
  name: 'cap-application',
  rung: 2,
  summary:
    'Fits when one application takes more connections than it should, and goes on doing so. It limits the role of the application first, then ends the idle sessions that it holds.',
  impact:
    'The application cannot open more connections than its limit, and may show errors when it wants to; what it has in use goes on. The limit stays until somebody takes it back: the result says how.',
  approval: 'own',
  plan,
  outline,
} satisfies Strategy;

function plan(facts: RecoveryFacts, target: string | null): Composed {
  const { settings, sessions, roles } = facts;
  if (!sessions.ok) return refuse(`The sessions cannot be read: ${sessions.reason}. Nothing is ended unseen.`);
  const holder = chooseHolder(listHolders(sessions.value, settings), settings.applications, target);
  if (typeof holder === 'string') return refuse(holder);
  const application = settings.applications.find(({ name }) => name === holder.name);
  const users = findUsers(holder, application);
  if (users.length === 0) return refuse(`Nobody knows as whom ${holder.name} logs in: write \`match.user\` for it.`);
  if (application?.limit === undefined) return refuse(explainNoLimit(holder, users, facts));
  if (!roles.ok) return refuse(`The limits of its roles cannot be read: ${roles.reason}.`);
  const to = application.limit;
  const faults = users.flatMap((user) => findRoleFault(user, to, roles.value, application));
  if (faults.length > 0) return { kind: 'refused', reasons: faults };
  const look = { sessions: sessions.value, sessionsAt: sessions.at, protect: settings.protect };
  // The pooler is asked when they are ended: its sessions are spared then.
  const context = {
    ...look,
    applications: settings.applications,
    poolerPids: { ok: true, value: NOBODY, at: 0 },
  } as const;
  const idle = judgeSessions(holder.name, context).filter(({ verdict }) => verdict.kind === 'selected');
  const shown = idle.map(toShown).sort((a, b) => b.stateMs - a.stateMs);
  return {
    kind: 'plan',
    steps: compose(settings, application, users, to, shown),
    warnings: findWarnings(facts, { holder, users, to, idle: shown.length }),
    overrides: [],
  };
}

function outline(settings: RecoverySettings): Outlined {
  const application = settings.applications.find(({ limit, match }) => limit !== undefined && match.user !== undefined);
  if (application?.limit === undefined || application.match.user === undefined)
    return { kind: 'not-configured', reason: 'No application has both `limit` and `match.user`.' };
  return { kind: 'steps', steps: compose(settings, application, [application.match.user], application.limit) };
}

function compose(
  { applications, protect, connection }: RecoverySettings,
  { name: application }: Application,
  users: readonly string[],
  to: number,
  shown?: KillTarget[],
): readonly PlanStep[] {
  const server = { ...connection };
  const owners = ownersUpTo(application, applications);
  return [
    ...users.map((role, index) => ({
      id: index === 0 ? 'cap-role' : `cap-role:${index + 1}`,
      kind: 'cap-role',
      params: { role, to, server },
    })),
    {
      id: 'terminate-sessions',
      kind: 'terminate-sessions',
      params: { application, kind: 'idle', owners, protect: [...protect], server },
      ...(shown && { shown }),
    },
  ];
}

/** Who is furthest over its limit; where nobody is, who holds the most. */
function chooseHolder(
  holders: readonly Holder[],
  applications: readonly Application[],
  target: string | null,
): Holder | string {
  if (target !== null) return findHolder(holders, target);
  const over = holders
    .map((holder) => {
      const limit = applications.find(({ name }) => name === holder.name)?.limit;
      return { holder, over: holder.sessions.length - (limit ?? Number.POSITIVE_INFINITY) };
    })
    .filter(({ over }) => over >= 0)
    .sort((a, b) => b.over - a.over);
  return over[0]?.holder ?? holders[0] ?? 'No application holds a connection.';
}

function findUsers({ sessions }: Holder, application: Application | undefined): readonly string[] {
  if (application?.match.user !== undefined) return [application.match.user];
  return [...new Set(sessions.flatMap(({ user }) => user ?? []))].sort();
}

function findRoleFault(
  user: string,
  to: number,
  roles: readonly RoleLimit[],
  { name }: Application,
): readonly string[] {
  const role = roles.find((each) => each.role === user);
  const sql = `${alterLimit(user, to)};`;
  if (role === undefined) return [`The limit of role ${user} was not read, or there is no such role. By hand: ${sql}`];
  if (role.superuser)
    return [
      `${name} logs in as the superuser ${user}: a limit does nothing, and it can take every slot. Only a held session helps then, as Breakwater's. Use restart-application, and give ${name} a role that is no superuser.`,
    ];
  // A tighter limit stays as it is, and needs no right.
  if (role.alterable || (role.limit >= 0 && role.limit <= to)) return [];
  return [
    `Breakwater may not change role ${user}: that needs CREATEROLE, and ADMIN OPTION on it. As a superuser, run: ${sql} Then use /db kill-stale with kind idle.`,
  ];
}

/** What it holds on a quiet day is not known here, and a guess would cut off who is well. */
function explainNoLimit(holder: Holder, users: readonly string[], { snapshot: { server } }: RecoveryFacts): string {
  const usable = server.ok ? usableConnections(server.value.capacity) : null;
  const half = usable === null ? null : Math.max(1, Math.floor(usable / 2));
  const sql = users.map((user) => `${alterLimit(user, half ?? 20)};`).join(' ');
  const why = half === null ? '20, as a start' : `half of the ${usable} usable connections, as a start`;
  return `${holder.name} has no \`limit\` in the configuration, and so nobody knows how many connections it needs on a quiet day. Write one, or set it by hand: ${sql} (${why})`;
}

interface Called {
  readonly holder: Holder;
  readonly users: readonly string[];
  readonly to: number;
  readonly idle: number;
}

function findWarnings({ settings, sessions }: RecoveryFacts, { holder, users, to, idle }: Called): readonly string[] {
  const { name } = holder;
  const held = holder.sessions.length;
  const others = (sessions.ok ? sessions.value : [])
    .filter(({ user }) => user !== null && users.includes(user))
    .map((session) => nameApplication(session, settings.applications));
  const configured = settings.applications.flatMap((each) =>
    each.match.user !== undefined && users.includes(each.match.user) ? each.name : [],
  );
  const sharers = [...new Set([...others, ...configured])].filter((other) => other !== name).sort();
  return [
    `${name} holds ${countOf(held, 'session')}, ${idle} of them idle. A limit leaves existing sessions alone: those in use stay until they close.`,
    ...(idle === 0 ? ['None is idle, so none is ended: only new ones are kept out.'] : []),
    ...(sharers.length === 0
      ? []
      : [`Role ${users.join(', ')} is also that of ${sharers.join(', ')}: the limit counts their sessions too.`]),
    ...(users.length < 2
      ? []
      : [`${name} logs in as ${users.join(', ')}: each gets ${to}, together ${to * users.length}.`]),
    ...(settings.pgbouncer === null ? [] : ['Sessions that PgBouncer holds are left alone when the others are ended.']),
  ];
}

const NOBODY: ReadonlySet<number> = new Set();

function refuse(...reasons: readonly string[]): Composed {
  return { kind: 'refused', reasons };
}
