import { ORPHANED_FROM_MS } from '../model/decide-ownership.ts';
import type { KillChoice } from '../model/kill-plan.ts';
import { DEFAULT_OLDER_THAN_MS, STALE_KINDS, type StaleCriteria, type StaleKind } from '../model/stale-criteria.ts';
import { findYoung, type JudgedSession } from '../model/staleness.ts';

export const KINDS_WITHOUT_CLUSTER = STALE_KINDS.filter((kind) => kind !== 'orphaned');

/** Each kind with how many it would select now; where the age asked for selects nobody, a shorter one too. Pure. */
export function offerKinds(
  wanted: { readonly kinds: readonly StaleKind[]; readonly asked: number | null; readonly application: string | null },
  judge: (criteria: StaleCriteria) => readonly JudgedSession[],
): readonly KillChoice[] {
  const { kinds, asked, application } = wanted;
  return kinds.flatMap((kind): readonly KillChoice[] => {
    const choose = (olderThanMs: number) => judge({ kind, olderThanMs, application });
    const usualMs = olderThanFor(kind, asked);
    const judged = choose(usualMs);
    const usual = { kind, olderThanMs: usualMs, count: selectedOf(judged).length };
    const shorterMs = usual.count > 0 ? null : chooseShorter(findYoung(judged, kind).longestMs);
    if (shorterMs === null || olderThanFor(kind, shorterMs) === usualMs) return [usual];
    return [usual, { kind, olderThanMs: shorterMs, count: selectedOf(choose(shorterMs)).length }];
  });
}

/** What somebody asked for, milliseconds, or what is usual; nobody younger than a minute is ever taken for orphaned (product.md §6). */
export function olderThanFor(kind: StaleKind, asked: number | null): number {
  const wanted = asked ?? DEFAULT_OLDER_THAN_MS[kind];
  return kind === 'orphaned' ? Math.max(wanted, ORPHANED_FROM_MS) : wanted;
}

export function selectedOf(judged: readonly JudgedSession[]): readonly JudgedSession[] {
  return judged.filter(({ verdict }) => verdict.kind === 'selected');
}

/** In a surge nobody has been idle for long: what is offered then, the longest first. What is younger is a pool at work. */
const SHORTER_MS = [300_000, 60_000, 30_000, 10_000] as const;

function chooseShorter(longestMs: number): number | null {
  return SHORTER_MS.find((ms) => ms <= longestMs) ?? null;
}
