import { z } from 'zod';
import type { Json } from '../journal/journal.ts';
import type { DetailedSession } from '../model/activity.ts';
import type { Application } from '../model/application.ts';
import type { ClusterState } from '../model/cluster.ts';
import { indexCluster } from '../model/index-cluster.ts';
import { readAddress } from '../model/ip-networks.ts';
import type { KillTarget } from '../model/kill-plan.ts';
import type { Observed } from '../model/observed.ts';
import { SESSION_STATES } from '../model/session-group.ts';
import { decideStaleness, type JudgedSession } from '../model/staleness.ts';
import type { TerminationTarget } from '../model/termination.ts';

/** `idle`: as long as each is idle and has not been used since it was shown. `leftovers`: in any state, where no living pod has its address. */
export const END_KINDS = ['idle', 'leftovers'] as const;
export type EndKind = (typeof END_KINDS)[number];

/** All that is read again before a session is ended. */
export interface EndLook {
  readonly sessions: readonly DetailedSession[];
  /** Epoch milliseconds. */
  readonly sessionsAt: number;
  readonly poolerPids: Observed<ReadonlySet<number>>;
  /** Listed after the sessions; null: not listed. Only leftovers need it. */
  readonly pods: Observed<ClusterState> | null;
  readonly applications: readonly Application[];
  readonly protect: readonly string[];
}

/** A session that was shown, and what it is now. `target`: still to be ended, and as what. */
export type ShownNow =
  | { readonly kind: 'gone' }
  | { readonly kind: 'spared'; readonly why: string }
  | { readonly kind: 'left'; readonly target: TerminationTarget };

/** What is true now of each session that was shown, in their order. Whatever is unknown spares it. Pure. */
export function judgeShown(
  shown: readonly KillTarget[],
  { kind, application }: { readonly kind: EndKind; readonly application: string },
  look: EndLook,
): readonly ShownNow[] {
  const now = new Map(judgeSessions(application, look).map((judged) => [keyOf(judged.session), judged]));
  const whose = kind === 'leftovers' ? arrangePods(look) : null;
  return shown.map((each): ShownNow => {
    const judged = now.get(keyOf(each));
    if (judged === undefined) return { kind: 'gone' };
    const why = findNever(judged) ?? (whose === null ? findUsed(each, judged) : whose(judged.session));
    return why === null ? { kind: 'left', target: targetOf(judged.session) } : { kind: 'spared', why };
  });
}

/** Every session with what speaks against ending it as an idle one of this application. Pure. */
export function judgeSessions(application: string, look: Omit<EndLook, 'pods'>): readonly JudgedSession[] {
  // For any time at all: that it is idle still, and unused, is asked again when it is ended.
  return decideStaleness(look.sessions, { kind: 'idle', olderThanMs: 0, application }, { ...look, cluster: null });
}

/** In words why it is ended in no state at all: its guards come before the criteria (spare-session.ts). Pure. */
export function findNever({ verdict }: JudgedSession): string | null {
  if (verdict.kind === 'selected' || ['active', 'state', 'young'].includes(verdict.reason)) return null;
  return verdict.words;
}

/** A session as it is shown, and kept. Pure. */
export function toShown({ session, application }: JudgedSession): KillTarget {
  const { user, database, applicationName, address, stateMs, ageMs } = session;
  return {
    ...targetOf(session),
    user,
    database,
    application,
    applicationName,
    address,
    stateMs: stateMs ?? 0,
    ageMs: ageMs ?? 0,
  };
}

/** What was shown, as the journal gives it back; null where it is nothing that this version wrote. */
export function readShown(shown: Json): readonly KillTarget[] | null {
  const parsed = shownSchema.safeParse(shown);
  return parsed.success ? parsed.data : null;
}

/** The clocks of the server, the cluster and this bot may differ by so much. */
const CLOCK_SLACK_MS = 30_000;

function keyOf({ pid, backendStart, userId, databaseId }: Omit<TerminationTarget, 'state' | 'stateChange'>): string {
  return `${pid} ${backendStart} ${userId} ${databaseId}`;
}

function findUsed({ state, stateChange }: KillTarget, { session, verdict }: JudgedSession): string | null {
  if (verdict.kind === 'spared') return verdict.words;
  return session.state === state && session.stateChange === stateChange ? null : 'it has been used since it was shown';
}

/** Says of a session why it may be somebody's; null: no living pod has its address. */
function arrangePods({ pods, sessionsAt }: EndLook): (session: DetailedSession) => string | null {
  if (pods === null || !pods.ok) return () => `the pods are not seen: ${pods?.reason ?? 'they were not listed'}`;
  // A pod that was started in between would not be on the list, and its sessions would.
  if (pods.at < sessionsAt) return () => 'the pods were listed before the sessions were read';
  // Without pod networks: only sessions that were a pod's were shown.
  const { living, places, unaddressed } = indexCluster({ state: pods, podCidrs: [], excludeAddresses: [] });
  return ({ address, ageMs }) => {
    const key = address === null ? null : readAddress(address);
    if (key === null) return 'it has no address that can be read';
    const place = places.get(key);
    if (place !== undefined) return `${address} is ${place}`;
    const pod = living.get(key)?.[0];
    if (pod !== undefined) return `of pod ${pod.name}, which has ${address}`;
    const began = sessionsAt - (ageMs ?? 0);
    if (unaddressed === null || began + CLOCK_SLACK_MS < unaddressed.since) return null;
    return `it may be of pod ${unaddressed.pod.name}, which was scheduled before it began and has no address yet`;
  };
}

function targetOf({ pid, backendStart, userId, databaseId, state, stateChange, waitEvent }: DetailedSession) {
  return {
    pid,
    backendStart,
    userId,
    databaseId,
    state,
    stateChange,
    ...(state === 'active' && waitEvent !== null && { waitEvent }),
  };
}

const text = z.string().nullable();
const shownSchema = z.array(
  z.object({
    pid: z.int().positive(),
    backendStart: z.string(),
    userId: z.number().nullable(),
    databaseId: z.number().nullable(),
    state: z.enum(SESSION_STATES),
    stateChange: text,
    user: text,
    database: text,
    application: z.string(),
    applicationName: z.string(),
    address: text,
    stateMs: z.number(),
    ageMs: z.number(),
    waitEvent: text.exactOptional(),
  }),
) satisfies z.ZodType<readonly KillTarget[]>;
