import type { DetailedSession } from './activity.ts';
import { OWN_APPLICATION } from './application.ts';
import { ORPHANED_FROM_MS } from './decide-ownership.ts';
import { formatDuration } from './duration.ts';
import type { Ownership } from './orphan.ts';
import type { SessionState } from './session-group.ts';
import type { StaleContext, StaleCriteria, StaleKind } from './stale-criteria.ts';

/** Why a session is left alone, in the words for several of them. */
export const SPARE_REASONS = {
  backend: 'no client backend',
  own: "Breakwater's own",
  superuser: "a superuser's",
  replication: "a replication role's",
  protected: 'protected by application_name',
  pooler: 'held by a pooler',
  unknown: 'not known well enough',
  application: 'of another application',
  cluster: 'not looked up in the cluster',
  live: 'of a live pod',
  reused: 'address reused',
  elsewhere: "at no pod's address",
  active: 'active',
  state: 'in another state',
  young: 'not that long',
} as const;

export type SpareReason = keyof typeof SPARE_REASONS;

interface Candidate {
  readonly session: DetailedSession;
  readonly application: string;
  /** Null where it was not asked for. */
  readonly ownership: Ownership | null;
  readonly criteria: StaleCriteria;
  readonly context: StaleContext;
}

/** In words why this one is spared; null: not for this reason. */
type Guard = (candidate: Candidate) => string | null;

const STATES: Readonly<Record<StaleKind, readonly SessionState[]>> = {
  // `active` only while it waits for its client.
  orphaned: ['idle', 'idle in transaction', 'idle in transaction (aborted)', 'active'],
  idle: ['idle'],
  'idle-in-transaction': ['idle in transaction', 'idle in transaction (aborted)'],
};

/** In this order: what is never ended, whatever was asked for, comes before what was not asked for (product.md §6). */
export const SPARING: readonly (readonly [SpareReason, Guard])[] = [
  [
    'backend',
    ({ session: { backendType } }) =>
      backendType === null || backendType === 'client backend' ? null : `not a client backend: ${backendType}`,
  ],
  // By the name alone too: of a second bot on the server, under a role of its own.
  ['own', ({ session }) => (session.own || session.applicationName === OWN_APPLICATION ? "Breakwater's own" : null)],
  ['superuser', ({ session }) => (session.superuser === true ? "a superuser's" : null)],
  ['replication', ({ session }) => (session.replication === true ? "a replication role's" : null)],
  [
    'protected',
    ({ session: { applicationName }, context: { protect } }) =>
      protect.some((name) => isNamed(applicationName, name))
        ? `protected by application_name ${applicationName}`
        : null,
  ],
  [
    'pooler',
    ({ session: { pid }, context: { poolerPids } }) =>
      poolerPids.ok && poolerPids.value.has(pid) ? 'held by a pooler' : null,
  ],
  ['unknown', findUnknown],
  [
    'application',
    ({ application, criteria }) =>
      criteria.application === null || criteria.application === application
        ? null
        : `of another application: ${application}`,
  ],
  [
    'cluster',
    ({ criteria: { kind }, ownership }) =>
      kind === 'orphaned' && ownership === null ? 'whether its pod still lives is not known' : null,
  ],
  ['live', ownedAs('live')],
  ['reused', ownedAs('reused')],
  ['elsewhere', ownedAs('elsewhere')],
  // Before the other doubts: it needs no more than a minute's patience.
  [
    'young',
    ({ session: { ageMs }, ownership }) =>
      ownership?.kind === 'unknown' && ageMs !== null && ageMs < ORPHANED_FROM_MS
        ? `connected for ${formatDuration(ageMs)} only`
        : null,
  ],
  ['unknown', ownedAs('unknown')],
  ['active', findActive],
  ['state', ({ session: { state }, criteria: { kind } }) => (STATES[kind].includes(state) ? null : state)],
  ['young', findYoung],
];

/** Tools add to their names, as in `pgBackRest [backup]`. */
function isNamed(applicationName: string, protectedName: string): boolean {
  const [name, wanted] = [applicationName.toLowerCase(), protectedName.toLowerCase()];
  return name === wanted || (name.startsWith(wanted) && !/^\w/.test(name.slice(wanted.length)));
}

function findUnknown({ session, context: { poolerPids } }: Candidate): string | null {
  if (session.backendType === null) return 'its kind of backend is hidden';
  if (session.superuser === null || session.replication === null) return 'its role is unknown';
  if (session.userId === null || session.databaseId === null || session.backendStart === '')
    return 'who it is is unknown';
  if (session.stateChange === null || session.stateMs === null || session.ageMs === null) return 'its age is unknown';
  return poolerPids.ok ? null : `whether a pooler holds it is unknown: ${poolerPids.reason}`;
}

/** Once and for all: whatever else is asked for, kind `orphaned` selects nobody but who is orphaned. */
function ownedAs(kind: Ownership['kind']): Guard {
  return ({ ownership }) => (ownership?.kind === kind ? ownership.words : null);
}

/** Of a vanished pod's one that waits for its client waits for nobody. */
function findActive({ session, criteria: { kind } }: Candidate): string | null {
  if (session.state !== 'active') return null;
  return kind === 'orphaned' && waitsForClient(session) ? null : 'active';
}

/** `Client` has other events, for other servers (PostgreSQL's documentation, "Wait Events of Type Client"). */
function waitsForClient({ waitEventType, waitEvent }: DetailedSession): boolean {
  return waitEventType === 'Client' && (waitEvent === 'ClientRead' || waitEvent === 'ClientWrite');
}

function findYoung({ session, criteria: { kind, olderThanMs } }: Candidate): string | null {
  const least = measureStale(session, kind);
  if (least >= (kind === 'orphaned' ? Math.max(olderThanMs, ORPHANED_FROM_MS) : olderThanMs)) return null;
  return `${kind === 'orphaned' && session.state !== 'active' ? 'connected' : session.state} for ${formatDuration(least)} only`;
}

/**
 * What the criteria's `olderThanMs` is held against, milliseconds. By its state and by its start: a server whose clock
 * was set back may tell of one what the other denies. Of an orphan that is not active only its start counts (product.md §6).
 */
export function measureStale({ state, stateMs, ageMs }: DetailedSession, kind: StaleKind): number {
  return kind === 'orphaned' && state !== 'active' ? (ageMs ?? 0) : Math.min(stateMs ?? 0, ageMs ?? 0);
}
