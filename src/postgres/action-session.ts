import type { Verdict } from '../model/admission.ts';
import { connect } from './connect.ts';
import type { DatabaseSourceOptions } from './create-database-source.ts';
import { createHeldSession, type RunQuery } from './held-session.ts';
import { prepareSession } from './prepare-session.ts';
import { ACTION_TIMEOUTS } from './timeouts.ts';

/** The second held session of one server, which nobody but people and what they have approved uses. */
export interface ActionSession {
  readonly query: RunQuery;
  /** The process that the server named at login: a pooler invents one. Null before. */
  readonly promisedPid: () => number | null;
  /** What refused the newest attempt to connect; null while it is held. */
  readonly lossVerdict: () => Verdict | null;
  close(): Promise<void>;
}

/** Connects at once, and never gives up until it is closed. */
export function createActionSession(
  options: Pick<DatabaseSourceOptions, 'connection' | 'log' | 'clock' | 'random' | 'timeouts'>,
): ActionSession {
  const { connection, log, clock, random } = options;
  const timeouts = { ...ACTION_TIMEOUTS, ...options.timeouts };
  let promisedPid: number | null = null;
  const held = createHeldSession({
    connect: async (signal) => {
      const outcome = await connect(connection, { clock, deadlineMs: timeouts.connectMs, signal });
      if (outcome.ok) promisedPid = outcome.session.backendPid;
      return outcome;
    },
    prepare: (query) => prepareSession(query, timeouts.statementMs),
    queryTimeoutMs: timeouts.queryMs,
    words: { held: 'ready to act: a second session', lost: 'not ready to act: no second session' },
    log,
    clock,
    random,
  });
  return {
    query: held.query,
    promisedPid: () => promisedPid,
    lossVerdict: () => {
      const state = held.state();
      return state.state === 'lost' ? state.verdict : null;
    },
    close: () => held.close(),
  };
}
