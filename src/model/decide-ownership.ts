import type { DetailedSession } from './activity.ts';
import type { Pod, VanishedPod } from './cluster.ts';
import { formatDuration } from './duration.ts';
import type { ClusterIndex } from './index-cluster.ts';
import { readAddress } from './ip-networks.ts';
import type { Ownership } from './orphan.ts';

/** A younger one may be of a pod that was started since (product.md §6). Milliseconds. */
export const ORPHANED_FROM_MS = 60_000;

/** The clocks of the server, the cluster and this bot may differ by so much. What is compared must differ by more. */
const CLOCK_SLACK_MS = 5_000;
/** From here on they contradict each other, and no time of a pod says anything about a session. */
const CLOCKS_CONTRADICT_MS = 30_000;

export type OwnedSession = Pick<DetailedSession, 'address' | 'backendStart' | 'ageMs'>;

/**
 * Whose a session is, read at `sessionsAt` (epoch milliseconds): product.md §6. Nobody's only where nothing at all
 * speaks against it. Pure.
 */
export function decideOwnership(session: OwnedSession, index: ClusterIndex, sessionsAt: number): Ownership {
  if (session.address === null) return { kind: 'elsewhere', words: 'over a local socket' };
  const address = readAddress(session.address);
  if (address === null) return unknown(`its address cannot be read: ${session.address}`);
  const doubt = findDoubt(index, sessionsAt);
  if (doubt !== null) return unknown(doubt);

  const place = index.places.get(address);
  if (place !== undefined) return { kind: 'elsewhere', words: `${session.address} is ${place}` };
  const start = readStart(session, sessionsAt);
  const [pod, ...others] = index.living.get(address) ?? [];
  if (others.length > 0) return unknown(`${session.address} is the address of several pods`);
  if (pod !== undefined) return decideLiving(pod, session.address, start);
  if (!index.networks.some((network) => address.startsWith(network)))
    return { kind: 'elsewhere', words: `${session.address} is in none of the pod networks` };
  if (!start.ok) return unknown(start.reason);
  if (!(start.youngestMs >= ORPHANED_FROM_MS))
    return unknown(`connected for ${formatDuration(Math.max(0, start.youngestMs))} only`);
  const { unaddressed } = index;
  if (unaddressed !== null && start.latest >= unaddressed.since)
    return unknown(
      `it may be of ${nameOf(unaddressed.pod)}, which was scheduled before it began and has no address yet`,
    );
  return decideVanished(index, address, { ...start, address: session.address, sessionsAt });
}

/** Why this look says nothing about sessions that were read at `sessionsAt`, as a sentence; null: it does. */
export function findDoubt({ doubt, at }: ClusterIndex, sessionsAt: number): string | null {
  if (doubt !== null) return doubt;
  // A pod that was started in between would not be on the list, and its sessions would.
  return at >= sessionsAt ? null : 'the pods were listed before the sessions were read';
}

/** `site-6f… of revision 41`, or its bare name. Hostile text. */
export function nameOf({ name, owner }: Pick<Pod, 'name' | 'owner'>): string {
  return `pod ${name}${owner === null || owner.revision === null ? '' : ` of revision ${owner.revision}`}`;
}

interface Start {
  readonly ok: true;
  /** It began between these, in the bot's time, epoch milliseconds. */
  readonly earliest: number;
  readonly latest: number;
  /** It is at least so old. */
  readonly youngestMs: number;
}

/** By its age and by its start: a clock that was set may make one deny what the other tells. */
function readStart({ backendStart, ageMs }: OwnedSession, sessionsAt: number): Start | { ok: false; reason: string } {
  const told = parseMoment(backendStart);
  if (ageMs === null || !Number.isFinite(ageMs) || told === null) return { ok: false, reason: 'its age is unknown' };
  const counted = sessionsAt - ageMs;
  if (Math.abs(counted - told) > CLOCKS_CONTRADICT_MS)
    return { ok: false, reason: "the server's clock and Breakwater's differ too much to compare it with pods" };
  return {
    ok: true,
    earliest: Math.min(counted, told) - CLOCK_SLACK_MS,
    latest: Math.max(counted, told) + CLOCK_SLACK_MS,
    youngestMs: Math.min(ageMs, sessionsAt - told),
  };
}

/** As read-details.ts writes it: `2020-12-11 13:24:00.000001+00`; null for anything else. */
function parseMoment(text: string): number | null {
  const [, day, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})\d*\+00$/.exec(text) ?? [];
  const ms = Date.parse(`${day}T${time}Z`);
  return Number.isNaN(ms) ? null : ms;
}

function decideLiving(pod: Pod, address: string, start: ReturnType<typeof readStart>): Ownership {
  const since = pod.startedAt ?? pod.scheduledAt ?? pod.createdAt;
  if (start.ok && start.latest < since)
    return { kind: 'reused', pod, words: `address reused: it is older than ${nameOf(pod)}, which has ${address} now` };
  return { kind: 'live', pod, words: `of ${nameOf(pod)}${pod.terminatingAt === null ? '' : ', which is Terminating'}` };
}

function decideVanished(
  { vanished, ended, watchedSince, unreadyNodes }: ClusterIndex,
  key: string,
  { address, earliest, latest, sessionsAt }: Start & { readonly address: string; readonly sessionsAt: number },
): Ownership {
  const gone = vanished.get(key) ?? [];
  const orphaned = (
    words: string,
    parts: Partial<Pick<Extract<Ownership, { kind: 'orphaned' }>, 'pod' | 'strange' | 'mayRunOn'>> = {},
  ): Ownership => ({
    kind: 'orphaned',
    pod: null,
    strange: false,
    ...parts,
    words,
  });
  // Whichever had the address when it began was the first of them to go afterwards.
  const pod = gone.find(({ vanishedAt }) => vanishedAt >= earliest);
  if (pod !== undefined) {
    const words = describeVanished(pod, address, sessionsAt);
    if (pod.node === null || !unreadyNodes.has(pod.node)) return orphaned(words, { pod });
    return orphaned(`${words}; it may still run, node ${pod.node} is not Ready`, { pod, mayRunOn: pod.node });
  }
  const over = ended.get(key) ?? [];
  const owner = over.find((each) => (readEnd(each) ?? earliest) >= earliest);
  if (owner !== undefined) return orphaned(`${nameOf(owner)}, which had ${address}, has ended: ${owner.phase}`);
  const last = gone.at(-1);
  if (last !== undefined)
    return orphaned(`it began after ${describeVanished(last, address, sessionsAt)}`, { pod: last, strange: true });
  const [finished] = over;
  if (finished !== undefined)
    return orphaned(`it began after ${nameOf(finished)}, which had ${address}, had ended`, { strange: true });
  const since = timeOf(watchedSince);
  return latest >= watchedSince
    ? orphaned(`no pod has ${address}, and none was seen with it since ${since} UTC`, { strange: true })
    : orphaned(`no pod has ${address}; it went before ${since} UTC, further back than Breakwater remembers`);
}

/** When the last of its containers ended, epoch milliseconds; null where nobody says: of an evicted one nothing is told. */
function readEnd({ containers }: Pod): number | null {
  const ends = containers.map(({ lastEnd }) => lastEnd?.at ?? null);
  return ends.length === 0 || ends.includes(null) ? null : Math.max(...ends.map((at) => at ?? 0));
}

function describeVanished(pod: VanishedPod, address: string, now: number): string {
  const went = pod.livesOn === true ? `left ${address}` : 'vanished';
  return `${nameOf(pod)} ${went} ${formatDuration(Math.max(0, now - pod.vanishedAt))} ago`;
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}

function unknown(words: string): Ownership {
  return { kind: 'unknown', words };
}
