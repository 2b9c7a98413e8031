import type { TerminationFate } from '../model/termination.ts';
import { GONE_WITHIN_MS } from './await-gone.ts';
import { HIDDEN_STATISTICS } from './hidden-statistics.ts';
import type { Attempt } from './signal-in-batches.ts';

export interface Fate {
  readonly fate: TerminationFate;
  readonly reason: string | null;
}

/** What became of a target, from what was tried and what the last look showed; `unseenReason` says why it showed nothing. Pure. */
export function decideFate(attempt: Attempt, look: 'gone' | 'there' | 'unseen', unseenReason: string | null): Fate {
  const { result, reason, shaken } = attempt;
  switch (result) {
    case 'signalled':
      if (look === 'gone') return { fate: 'terminated', reason: null };
      if (look === 'there') return failed(`signalled, and still there after ${GONE_WITHIN_MS / 1_000} s`);
      return { fate: 'unknown', reason: `signalled, then out of sight: ${unseenReason}` };
    case 'ended':
      return shaken ? GONE_AFTER_BREAK : { fate: 'ended', reason: null };
    case 'used':
      return { fate: 'used', reason: null };
    case 'hidden':
      return { fate: 'unknown', reason: `not signalled: ${HIDDEN_STATISTICS}` };
    case 'refused':
      return look === 'gone' ? { fate: 'ended', reason } : failed(reason);
    case 'unanswered':
      // It was there when it began; that the statement ended it nobody can know.
      if (look === 'gone')
        return { fate: 'unknown', reason: `gone; whether Breakwater ended it is not known: ${reason}` };
      if (look === 'there') return failed(`no answer came, and it is still there: ${reason}`);
      return { fate: 'unknown', reason };
    case 'untried':
      if (look === 'gone') return shaken ? GONE_AFTER_BREAK : { fate: 'ended', reason: null };
      return look === 'unseen' && shaken ? { fate: 'unknown', reason } : failed(reason);
    case 'own':
    case 'no client':
    case 'no role':
    case 'superuser':
    case 'replication':
      return { fate: 'protected', reason: PROTECTED_AS[result] };
  }
}

/** The server signals row by row, and what it broke off it does not take back (facts.md, PostgreSQL 7). It was there just before. */
const GONE_AFTER_BREAK: Fate = { fate: 'terminated', reason: 'gone after a statement that the server broke off' };

const PROTECTED_AS = {
  own: "it is one of Breakwater's own sessions",
  'no client': 'it is no client backend',
  'no role': 'its role is not found',
  superuser: "its role is a superuser's",
  replication: 'its role has REPLICATION',
} as const;

function failed(reason: string | null): Fate {
  return { fate: 'failed', reason };
}
