import type { Clock } from '../model/clock.ts';
import { findDoubt } from '../model/decide-ownership.ts';
import { type ClusterIndex, indexCluster } from '../model/index-cluster.ts';
import type { ClusterLook } from '../model/orphan.ts';
import { answerWithin } from './answer-within.ts';
import type { ClusterAccess } from './kill-stale-parts.ts';

/** A list of thousands of pods takes seconds; who waits longer is better told so. */
const LIST_WITHIN_MS = 10_000;

export type SeenCluster =
  | { readonly ok: true; readonly look: ClusterLook; readonly index: ClusterIndex }
  /** Why nobody's session can be told from another's, as a sentence without its full stop; hostile text. */
  | { readonly ok: false; readonly why: string };

/** Lists the pods anew, for sessions that were read, or a click that was made, at `since`. */
export async function lookAtCluster(access: ClusterAccess | null, since: number, clock: Clock): Promise<SeenCluster> {
  if (access === null) return { ok: false, why: NO_CLUSTER };
  const { cluster, podCidrs, excludeAddresses } = access;
  const state = await answerWithin(cluster.list(), LIST_WITHIN_MS, clock);
  const look = { state, podCidrs, excludeAddresses };
  const index = indexCluster(look);
  const why = findDoubt(index, since);
  return why === null ? { ok: true, look, index } : { ok: false, why };
}

const NO_CLUSTER =
  'that needs the cluster, and Breakwater is not connected to one. Write kubernetes with its podCidrs into the configuration';
