import type { DetailedSession } from './activity.ts';
import { nameApplication } from './application.ts';
import { decideOwnership } from './decide-ownership.ts';
import { indexCluster } from './index-cluster.ts';
import type { Ownership } from './orphan.ts';
import { measureStale, SPARING, type SpareReason } from './spare-session.ts';
import type { StaleContext, StaleCriteria, StaleKind } from './stale-criteria.ts';

export type StaleVerdict =
  | { readonly kind: 'selected' }
  /** `words` are about this one session: "idle for 3 min only". Plain and hostile: names stand in it. */
  | { readonly kind: 'spared'; readonly reason: SpareReason; readonly words: string };

export interface JudgedSession {
  readonly session: DetailedSession;
  readonly application: string;
  /** Null where it was not asked for: of another kind than `orphaned`, or without a cluster. */
  readonly ownership: Ownership | null;
  readonly verdict: StaleVerdict;
}

/**
 * Which of the sessions are stale, and why each of the others is left alone. The guards come first and the criteria
 * last; whatever is unknown of a session spares it. Pure.
 */
export function decideStaleness(
  sessions: readonly DetailedSession[],
  criteria: StaleCriteria,
  context: StaleContext,
): readonly JudgedSession[] {
  const index = criteria.kind === 'orphaned' && context.cluster !== null ? indexCluster(context.cluster) : null;
  return sessions.map((session) => {
    const application = nameApplication(session, context.applications);
    const ownership = index && decideOwnership(session, index, context.sessionsAt);
    const judged = { session, application, ownership };
    const candidate = { ...judged, criteria, context };
    for (const [reason, findWords] of SPARING) {
      const words = findWords(candidate);
      if (words !== null) return { ...judged, verdict: { kind: 'spared', reason, words } };
    }
    return { ...judged, verdict: { kind: 'selected' } };
  });
}

/** Those that are as they should be, but not for that long; 0 ms where there are none. */
export function findYoung(
  judged: readonly JudgedSession[],
  kind: StaleKind,
): { readonly count: number; readonly longestMs: number } {
  const young = judged.filter(
    ({ verdict, ownership }) =>
      verdict.kind === 'spared' && verdict.reason === 'young' && ownership?.kind !== 'unknown',
  );
  const ages = young.map(({ session }) => measureStale(session, kind));
  return { count: young.length, longestMs: ages.reduce((most, ms) => Math.max(most, ms), 0) };
}

/** How many were spared for each reason, most first. */
export function countSpared(
  judged: readonly JudgedSession[],
): readonly { readonly reason: SpareReason; readonly count: number }[] {
  const counts = new Map<SpareReason, number>();
  for (const { verdict } of judged) {
    if (verdict.kind === 'spared') counts.set(verdict.reason, (counts.get(verdict.reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
}
