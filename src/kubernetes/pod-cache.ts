import { isDeepStrictEqual } from 'node:util';
import type { Pod, PodOwner, VanishedPod } from '../model/cluster.ts';
import type { TrimmedPod } from './trim-pod.ts';

const VANISHED_FOR_MS = 24 * 3_600_000;
const MOST_VANISHED = 5_000;

/** The pods as the watch tells them, and those that went. Keeps trimmed pods alone; knows no clock. */
export interface PodCache {
  /** All there is, asked for at `askedAt`: whatever is not among them went, and that is noticed at `now`. Answers whether anything changed. */
  replace(pods: readonly TrimmedPod[], askedAt: number, now: number): boolean;
  put(pod: TrimmedPod, now: number): boolean;
  remove(pod: TrimmedPod, now: number): boolean;
  /** Who owns what these ReplicaSets made; null: it is not to be found any more. */
  applyOwners(owners: ReadonlyMap<string, PodOwner | null>): void;
  pods(): readonly Pod[];
  /** Oldest first; the last 24 hours, at most 5,000. */
  vanished(now: number): readonly VanishedPod[];
  /** What went before has no name, be it that nobody watched or that it is forgotten by now; null before the first list. */
  watchedSince(now: number): number | null;
  /** Of what is there and what went. */
  replicaSets(): ReadonlySet<string>;
}

export function createPodCache(): PodCache {
  const held = new Map<string, TrimmedPod>();
  // By uid: one pod goes once, and leaves each address once. In the order they went.
  const gone = new Map<string, { readonly pod: VanishedPod; readonly replicaSet: string | null }>();
  let owners: ReadonlyMap<string, PodOwner | null> = new Map();
  let shown: readonly Pod[] | null = null;
  let since: number | null = null;
  let forgottenAt = 0;

  const keyOf = ({ pod }: TrimmedPod): string => `${pod.namespace}/${pod.name}`;

  function vanish({ pod, replicaSet }: TrimmedPod, now: number): void {
    if (!gone.has(pod.uid)) remember(pod.uid, { pod: toVanished(pod, now), replicaSet });
  }

  /** Its network was made anew, as when its node was restarted; or it has ended. Whoever had the old address is as gone as with the pod. */
  function leave({ pod, replicaSet }: TrimmedPod, { addresses: kept }: Pod, now: number): void {
    const left = toVanished(pod, now);
    const addresses = left.addresses.filter((address) => !kept.includes(address));
    if (addresses.length === 0) return;
    const key = `${pod.uid} ${addresses.join()}`;
    gone.delete(key);
    remember(key, { pod: { ...left, addresses, livesOn: true }, replicaSet });
  }

  function remember(key: string, entry: { readonly pod: VanishedPod; readonly replicaSet: string | null }): void {
    gone.set(key, entry);
    const now = entry.pod.vanishedAt;
    for (const [uid, { pod }] of gone) {
      if (gone.size <= MOST_VANISHED && now - pod.vanishedAt <= VANISHED_FOR_MS) break;
      gone.delete(uid);
      forgottenAt = Math.max(forgottenAt, pod.vanishedAt);
    }
  }

  function put(given: TrimmedPod, now: number): boolean {
    const entry = withOwner(given, owners);
    const key = keyOf(entry);
    const before = held.get(key);
    if (before && before.pod.uid !== entry.pod.uid) vanish(before, now);
    else if (before && isDeepStrictEqual(before.pod, entry.pod)) return false;
    else if (before) leave(before, entry.pod, now);
    held.set(key, entry);
    shown = null;
    return true;
  }

  return {
    replace(pods, askedAt, now) {
      const keys = new Set(pods.map(keyOf));
      let changed = false;
      for (const [key, entry] of held) {
        if (keys.has(key)) continue;
        held.delete(key);
        vanish(entry, now);
        changed = true;
      }
      for (const pod of pods) changed = put(pod, now) || changed;
      if (changed || since === null) shown = null;
      since = askedAt;
      return changed;
    },
    put,
    remove(given, now) {
      const key = keyOf(given);
      const before = held.get(key);
      // A late word about a pod whose name another one has by now.
      if (before && before.pod.uid !== given.pod.uid) return false;
      held.delete(key);
      // The last state may have lost the address that the pod had.
      const entry = before && given.pod.addresses.length === 0 ? before : withOwner(given, owners);
      vanish(entry, now);
      shown = null;
      return true;
    },
    applyOwners(found) {
      owners = found;
      for (const [key, entry] of held) {
        const after = withOwner(entry, owners);
        if (after !== entry) {
          held.set(key, after);
          shown = null;
        }
      }
      for (const [uid, { pod, replicaSet }] of gone) {
        const owner = replicaSet === null ? null : owners.get(replicaSet);
        if (owner && owner !== pod.owner) gone.set(uid, { pod: { ...pod, owner }, replicaSet });
      }
    },
    pods() {
      shown ??= [...held.values()].map(({ pod }) => pod);
      return shown;
    },
    vanished: (now) =>
      [...gone.values()].map(({ pod }) => pod).filter(({ vanishedAt }) => now - vanishedAt <= VANISHED_FOR_MS),
    watchedSince: (now) => (since === null ? null : Math.max(since, forgottenAt, now - VANISHED_FOR_MS)),
    replicaSets: () => new Set([...held.values(), ...gone.values()].flatMap(({ replicaSet }) => replicaSet ?? [])),
  };
}

/** The pod with the owner that its ReplicaSet told; the same object where there is nothing new. */
export function withOwner(entry: TrimmedPod, owners: ReadonlyMap<string, PodOwner | null>): TrimmedPod {
  const owner = entry.replicaSet === null ? null : owners.get(entry.replicaSet);
  return owner && owner !== entry.pod.owner ? { ...entry, pod: { ...entry.pod, owner } } : entry;
}

/** A pod in the node's network leaves no address free. */
export function toVanished(pod: Pod, vanishedAt: number): VanishedPod {
  const { namespace, name, uid, owner, node, hostNetwork } = pod;
  return { namespace, name, uid, addresses: hostNetwork ? [] : pod.addresses, owner, node, vanishedAt };
}
