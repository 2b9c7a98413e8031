import type { Clock } from '../model/clock.ts';
import type { TerminationReport, TerminationTarget } from '../model/termination.ts';
import { awaitGone, readRemaining } from './await-gone.ts';
import { decideFate } from './decide-fate.ts';
import type { RunQuery } from './held-session.ts';
import { type Attempt, signalInBatches } from './signal-in-batches.ts';

/**
 * Ends exactly these sessions, each only as long as it still is what was shown, then looks until they are gone. The
 * look comes in any case: what a refused or unanswered statement did is read from the server, on a reopened connection
 * if need be. Needs pg_signal_backend and pg_read_all_stats. Never throws.
 */
export async function terminateSessions(
  targets: readonly TerminationTarget[],
  shell: { readonly query: RunQuery; readonly clock: Clock; readonly canaryUser: string | null },
): Promise<TerminationReport> {
  const startedAt = shell.clock.now();
  // Who is gone before it begins has ended by itself, whatever becomes of the statements.
  const before = await readRemaining(
    shell.query,
    targets.map((target) => ({ target })),
  );
  const living = new Set(before.ok ? [...before.value].map(({ target }) => target) : targets);
  const tried = await signalInBatches(
    targets.filter((target) => living.has(target)),
    shell,
  );
  const attempts = targets.map((target) =>
    living.has(target) ? (tried.shift() ?? endedBefore(target)) : endedBefore(target),
  );
  const inDoubt = attempts.filter(({ result }) => IN_DOUBT.has(result));
  const look = await awaitGone(inDoubt, mustGo, shell);
  const fates = attempts.map((attempt) => {
    const seen = look.ok ? (look.value.has(attempt) ? 'there' : 'gone') : 'unseen';
    const { fate, reason } = decideFate(attempt, seen, look.ok ? null : look.reason);
    return { target: attempt.target, fate, reason };
  });
  return { fates, tookMs: shell.clock.now() - startedAt };
}

function endedBefore(target: TerminationTarget): Attempt {
  return { target, result: 'ended', reason: null, shaken: false };
}

/** Only a look can tell what became of these. */
const IN_DOUBT: ReadonlySet<Attempt['result']> = new Set(['signalled', 'refused', 'unanswered', 'untried']);

/** They have been told to end, or may have been: worth waiting for. */
function mustGo({ result, shaken }: Attempt): boolean {
  return result === 'signalled' || result === 'unanswered' || (result === 'untried' && shaken);
}
