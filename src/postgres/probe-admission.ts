import type { Admission, Verdict } from '../model/admission.ts';
import type { Clock } from '../model/clock.ts';
import { classifyConnectError } from './classify-connect-error.ts';
import { type Connection, connect, type Session } from './connect.ts';
import { quoteServer } from './connect-fault.ts';

export interface ProbeOptions {
  /** From the first packet to the answer. */
  readonly deadlineMs: number;
  readonly clock: Clock;
}

/**
 * The canary: logs in afresh as an application would and asks whether the server takes writes. The connection is gone
 * afterwards whatever happens. Needs an ordinary role with CONNECT, neither superuser nor with reserved slots, which
 * would get in where applications cannot (facts.md, PostgreSQL 19). Never throws.
 */
export async function probeAdmission(connection: Connection, options: ProbeOptions): Promise<Admission> {
  const { clock, deadlineMs } = options;
  const startedAt = clock.now();
  const conclude = (verdict: Verdict, serverSaid: string | null): Admission => ({
    verdict,
    inferred: false,
    tookMs: Math.max(0, clock.now() - startedAt),
    serverSaid,
  });

  const outcome = await connect(connection, { clock, deadlineMs });
  if (!outcome.ok) return conclude(classifyConnectError(outcome.fault), quoteServer(outcome.fault));
  const { session } = outcome;
  const settled = new AbortController();
  try {
    return await Promise.race([
      askWhetherReadOnly(session, conclude),
      clock
        .sleep(Math.max(0, startedAt + deadlineMs - clock.now()), settled.signal)
        .then(() => conclude('frozen', null)),
    ]);
  } finally {
    settled.abort();
    session.end();
  }
}

async function askWhetherReadOnly(
  session: Session,
  conclude: (verdict: Verdict, serverSaid: string | null) => Admission,
): Promise<Admission> {
  const answer = await session.query('select pg_catalog.pg_is_in_recovery() as standby');
  // Let in and thrown out again before the answer: what it said counts as the refusal that it is.
  if (!answer.ok) return conclude(classifyConnectError(answer.fault), quoteServer(answer.fault));
  const [row] = answer.rows;
  const standby = typeof row === 'object' && row !== null && Reflect.get(row, 'standby') === true;
  return conclude(standby ? 'read-only' : 'admitted', null);
}
