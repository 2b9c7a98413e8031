import { NOT_LOGGED_IN, OWN_APPLICATION } from '../model/application.ts';
import { formatDuration } from '../model/duration.ts';
import { countedSessions } from '../model/kill-plan.ts';
import { seen, unseen } from '../model/observed.ts';
import { DEFAULT_OLDER_THAN_MS, type StaleKind } from '../model/stale-criteria.ts';
import { decideStaleness } from '../model/staleness.ts';
import type { ApplicationTally } from '../model/tally.ts';
import { formatWorkloadReference } from '../model/workload-reference.ts';
import type { Signs } from './signs.ts';

/** Whether a rung can take sessions from an application; `why` is a sentence, names in it hostile. */
export type Fitness =
  | { readonly ok: true; readonly note: string | null }
  | { readonly ok: false; readonly why: string };

/** Who may be asked to give connections back, most first: neither the bot itself, nor sessions that are nobody's yet. */
export function listHolders({ applications }: Signs): readonly ApplicationTally[] {
  return applications.filter(({ name, count }) => count > 0 && name !== OWN_APPLICATION && name !== NOT_LOGGED_IN);
}

/** Rung 3: its workload is known and runs. */
export function judgeRestart({ facts: { settings, applicationWorkloads } }: Signs, name: string): Fitness {
  const reference = settings.applications.find((application) => application.name === name)?.workload;
  if (reference === undefined) return { ok: false, why: `${name} has no \`workload\` in the configuration.` };
  const found = applicationWorkloads.find((each) => formatWorkloadReference(each.reference) === reference)?.workload;
  if (found === undefined) return { ok: false, why: `The workload of ${name}, ${reference}, was not looked at.` };
  if (!found.ok) return { ok: false, why: `The workload of ${name}, ${reference}, is unknown: ${found.reason}.` };
  if (found.value === null) return { ok: false, why: `The workload of ${name}, ${reference}, does not exist.` };
  if (found.value.desired === 0)
    return { ok: false, why: `${reference} is scaled to 0 already: its sessions are not of pods that it has.` };
  return { ok: true, note: null };
}

/** Rung 2: a role that a CONNECTION LIMIT binds. Without the grant its plan shows the SQL (product.md §7). */
export function judgeCap({ facts: { settings, roles } }: Signs, name: string): Fitness {
  const user = settings.applications.find((application) => application.name === name)?.match.user;
  if (user === undefined)
    return { ok: false, why: `No role is known for ${name}: a limit needs \`match.user\` in the configuration.` };
  if (!roles.ok) return { ok: false, why: `The limit of the role ${user} is unknown: ${roles.reason}.` };
  const role = roles.value.find((each) => each.role === user);
  if (role === undefined) return { ok: false, why: `The server has no role ${user}.` };
  if (role.superuser) return { ok: false, why: `${user} is a superuser, and superusers ignore a CONNECTION LIMIT.` };
  const note = role.alterable ? null : `Breakwater may not alter the role ${user}: it shows the SQL instead.`;
  return { ok: true, note };
}

const KINDS: readonly { readonly kind: StaleKind; readonly words: string }[] = [
  { kind: 'orphaned', words: 'orphaned (the pods that opened them are gone)' },
  { kind: 'idle-in-transaction', words: 'idle in transaction for' },
  { kind: 'idle', words: 'idle for' },
];

export interface StaleCount {
  readonly kind: StaleKind;
  readonly count: number;
  /** `12 sessions idle for 10 min or longer`. */
  readonly words: string;
}

/** What `/db kill-stale` would find of each kind, of one application or of all: surest first. What is unseen counts as none. */
export function countStale(signs: Signs, application: string | null): readonly StaleCount[] {
  return KINDS.map(({ kind, words }) => {
    const count = kind === 'orphaned' ? countOrphans(signs, application) : countIdle(signs, kind, application);
    const age = kind === 'orphaned' ? '' : ` ${formatDuration(DEFAULT_OLDER_THAN_MS[kind])} or longer`;
    return { kind, count, words: `${countedSessions(count)} ${words}${age}` };
  });
}

function countOrphans({ facts: { orphans } }: Signs, application: string | null): number {
  if (!orphans?.ok) return 0;
  if (application === null) return orphans.value.count;
  const shares = orphans.value.groups.flatMap(({ applications }) => applications);
  return shares.filter(({ name }) => name === application).reduce((sum, { count }) => sum + count, 0);
}

function countIdle({ facts: { sessions, settings, at } }: Signs, kind: StaleKind, application: string | null): number {
  if (!sessions.ok) return 0;
  // Which are the pooler's is asked when they are ended; until then none counts.
  const poolerPids = settings.pgbouncer === null ? seen(new Set<number>(), at) : unseen('not asked', at);
  const { applications, protect } = settings;
  const context = { applications, protect, poolerPids, cluster: null, sessionsAt: sessions.at };
  const criteria = { kind, olderThanMs: DEFAULT_OLDER_THAN_MS[kind], application };
  return decideStaleness(sessions.value, criteria, context).filter(({ verdict }) => verdict.kind === 'selected').length;
}
