import type { Clock } from '../model/clock.ts';
import type { TerminationTarget } from '../model/termination.ts';
import type { RunQuery } from './held-session.ts';
import { type Standing, signalSessions } from './signal-sessions.ts';

/** What came of trying to end one target. */
export interface Attempt {
  readonly target: TerminationTarget;
  /** `refused`: the server did, for this one alone. `unanswered`: no answer came. `untried`: left out, with the reason. */
  readonly result: Standing | 'refused' | 'unanswered' | 'untried';
  readonly reason: string | null;
  /** A statement that the server broke off had it among its targets: it may have been signalled there. */
  readonly shaken: boolean;
}

/**
 * Two statements for a thousand sessions take as long as a bare pg_terminate_backend of them all, four a fifth longer (`npm run
 * bench -- terminate`): the server's dying processes hold up whoever comes next. More in one would leave more time between
 * what a statement sees and its last signal.
 */
const BATCH_SIZE = 500;

/** No more is begun after this: what is left is reported as not tried. */
const SIGNAL_WITHIN_MS = 15_000;

/**
 * Signals the targets batch by batch; the answer is in their order. A batch that the server refuses is halved until
 * exactly the row that it refuses stands alone, and all the others have had their turn. When no answer comes nothing
 * more is sent.
 */
export async function signalInBatches(
  targets: readonly TerminationTarget[],
  { query, clock, canaryUser }: { readonly query: RunQuery; readonly clock: Clock; readonly canaryUser: string | null },
): Promise<Attempt[]> {
  const deadline = clock.now() + SIGNAL_WITHIN_MS;
  const attempts: Attempt[] = [];
  const shaken = new Set<number>();
  let stopped: string | null = null;

  const waiting = split(targets.entries().toArray(), BATCH_SIZE);
  for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
    const settle = (resultAt: (at: number) => Attempt['result'], reason: string | null) => {
      for (const [at, [index, target]] of batch.entries()) {
        attempts[index] = { target, result: resultAt(at), reason, shaken: shaken.has(index) };
      }
    };
    if (clock.now() >= deadline) stopped ??= 'the time was over before its turn';
    if (stopped !== null) {
      settle(() => 'untried', stopped);
      continue;
    }
    const sessions = batch.map(([, target]) => target);
    const signalled = await signalSessions(query, sessions, canaryUser);
    if (signalled.outcome === 'answered') {
      settle((at) => signalled.standings[at] ?? 'hidden', null);
    } else if (signalled.outcome === 'unsent') {
      stopped = `not tried: ${signalled.reason}`;
      settle(() => 'untried', stopped);
    } else if (signalled.outcome === 'unanswered') {
      stopped = `not tried: ${signalled.reason}`;
      settle(() => 'unanswered', signalled.reason);
    } else if (batch.length === 1) {
      settle(() => 'refused', signalled.reason);
    } else {
      for (const [index] of batch) shaken.add(index);
      waiting.unshift(...split(batch, Math.ceil(batch.length / 2)));
    }
  }
  return attempts;
}

function split<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}
