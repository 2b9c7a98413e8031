import type { Verdict } from '../model/admission.ts';
import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import { decideRetryDelay, SETTLED_AFTER_MS } from './backoff.ts';
import { classifyConnectError, explainConnectError } from './classify-connect-error.ts';
import type { ConnectOutcome, Session } from './connect.ts';
import { quoteServer } from './connect-fault.ts';
import { explainLoss } from './explain-loss.ts';
import { type QueryOutcome, queryWithin } from './query-within.ts';

export type HeldState =
  /** The first attempt is under way. */
  | { readonly state: 'connecting'; readonly since: number }
  | { readonly state: 'held'; readonly since: number }
  /** Retrying without end; `since` is when it was lost, the rest the newest. */
  | ({ readonly state: 'lost'; readonly since: number } & Loss)
  | { readonly state: 'closed'; readonly since: number };

/** Why no session is held. */
export interface Loss {
  readonly reason: string;
  /** What refused the newest attempt to connect; null when a session that was made broke or could not be readied. */
  readonly verdict: Verdict | null;
}

export type RunQuery = (sql: string, values?: readonly unknown[]) => Promise<QueryOutcome>;

/**
 * One connection, opened at once, held, and reopened without end: the only sure way into a full server (facts.md,
 * PostgreSQL 3 and 4).
 */
export interface HeldSession {
  state(): HeldState;
  /** One statement after the other; neither waits for a reconnect nor throws. */
  readonly query: RunQuery;
  /** Calls back after each change of state; returns what ends that. */
  onChange(listener: (state: HeldState) => void): () => void;
  close(): Promise<void>;
}

export interface HeldSessionOptions {
  connect(signal: AbortSignal): Promise<ConnectOutcome>;
  /** Readies a fresh session; returns why that failed, or null. */
  prepare(query: RunQuery): Promise<string | null>;
  readonly queryTimeoutMs: number;
  readonly log: Log;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** What the log says when it is gained and lost, where there are several. */
  readonly words?: { readonly held: string; readonly lost: string };
}

export function createHeldSession(options: HeldSessionOptions): HeldSession {
  const { clock, log, queryTimeoutMs, words = { held: 'session held', lost: 'no session is held' } } = options;
  const closing = new AbortController();
  const listeners = new Set<(state: HeldState) => void>();
  let state: HeldState = { state: 'connecting', since: clock.now() };
  let session: Session | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  const enter = (next: HeldState) => {
    state = next;
    for (const listener of listeners) listener(next);
  };
  const lose = (loss: Loss) => {
    const { reason } = loss; // Which says all that the verdict says.
    if (state.state === 'lost' && state.reason === reason) return;
    log.warn({ reason }, words.lost);
    enter({ state: 'lost', since: state.state === 'lost' ? state.since : clock.now(), ...loss });
  };

  /** A defect of ours must not end the loop: without it the bot is blind. */
  const explainDefect = (error: unknown): Loss => {
    log.error({ err: error }, 'the held session failed');
    return { reason: 'an internal error; see the log', verdict: null };
  };

  /** Connects, holds until the end, and returns why it came. */
  const holdOnce = async (): Promise<Loss> => {
    const outcome = await options.connect(closing.signal);
    if (!outcome.ok) {
      const { code } = outcome.fault;
      log.debug({ code, serverSaid: quoteServer(outcome.fault) }, 'connection attempt failed');
      return { reason: explainConnectError(outcome.fault), verdict: classifyConnectError(outcome.fault) };
    }
    const fresh = outcome.session;
    session = fresh;
    const failure = await options.prepare((sql, values) => queryWithin(fresh, queryTimeoutMs, clock, sql, values));
    if (failure !== null || closing.signal.aborted) {
      fresh.end();
      return { reason: failure ?? 'closed', verdict: null };
    }
    log.info({}, words.held);
    enter({ state: 'held', since: clock.now() });
    return { reason: explainLoss(await fresh.ended), verdict: null };
  };

  const holdForEver = async () => {
    for (let attempt = 0; !closing.signal.aborted; attempt += 1) {
      const loss = await holdOnce().catch(explainDefect);
      if (closing.signal.aborted) break;
      if (state.state === 'held' && clock.now() - state.since >= SETTLED_AFTER_MS) attempt = 0;
      lose(loss);
      await clock.sleep(decideRetryDelay(attempt, options.random), closing.signal);
    }
    enter({ state: 'closed', since: clock.now() });
  };
  const finished = holdForEver();

  const queryNow: RunQuery = async (sql, values) => {
    if (state.state !== 'held' || session === null) return { ok: false, reason: explainState(state), unsent: true };
    return queryWithin(session, queryTimeoutMs, clock, sql, values);
  };
  return {
    state: () => state,
    query: (sql, values) => {
      const turn = queue.then(() => queryNow(sql, values));
      queue = turn;
      return turn;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      closing.abort();
      session?.end();
      await finished;
    },
  };
}

function explainState(state: HeldState): string {
  if (state.state === 'lost') return state.reason;
  return state.state === 'closed' ? 'closed' : 'the first connection is not made yet';
}
