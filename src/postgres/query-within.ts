import type { Clock } from '../model/clock.ts';
import type { Session } from './connect.ts';
import { type ConnectFault, quoteServer } from './connect-fault.ts';
import { explainLoss } from './explain-loss.ts';

export type QueryOutcome =
  | { readonly ok: true; readonly rows: readonly unknown[] }
  /**
   * `sqlState` where only the statement failed: the session lives, and the server has said that the statement is over.
   * `unsent` where no session was there to send it on: it did nothing.
   */
  | { readonly ok: false; readonly reason: string; readonly sqlState?: string; readonly unsent?: true };

/**
 * Runs one statement, and gives the session up when no answer came within `timeoutMs`. That lies above the session's
 * statement_timeout: the server had its chance to end the statement itself (facts.md, PostgreSQL 17). Never throws.
 */
export async function queryWithin(
  session: Session,
  timeoutMs: number,
  clock: Clock,
  sql: string,
  values?: readonly unknown[],
): Promise<QueryOutcome> {
  const settled = new AbortController();
  const answer = await Promise.race([
    session.query(sql, values),
    clock.sleep(timeoutMs, settled.signal).then(() => null),
  ]);
  settled.abort();
  if (answer === null) {
    session.giveUp(timeoutMs);
    return { ok: false, reason: `no answer within ${timeoutMs} ms` };
  }
  return answer.ok ? answer : explainFailure(answer.fault);
}

/** Class 57P ends the session, every other SQLSTATE only the statement. */
function explainFailure(fault: ConnectFault): QueryOutcome {
  const { fromServer, code } = fault;
  if (!fromServer || code === null || code.startsWith('57P')) return { ok: false, reason: explainLoss(fault) };
  return { ok: false, reason: `the query failed (${code}): ${quoteServer(fault)}`, sqlState: code };
}
