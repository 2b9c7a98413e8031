import { expect, it } from 'vitest';
import type { TerminationTarget } from '../../src/model/termination.ts';
import type { RunQuery } from '../../src/postgres/held-session.ts';
import { signalInBatches } from '../../src/postgres/signal-in-batches.ts';
import { terminateSessions } from '../../src/postgres/terminate-sessions.ts';
import { createManualClock } from '../support/manual-clock.ts';

function target(pid: number): TerminationTarget {
  return { pid, backendStart: `start ${pid}`, userId: 10, databaseId: 5, state: 'idle', stateChange: 'then' };
}
const targets = (n: number) => Array.from({ length: n }, (_, index) => target(index + 1));

/**
 * A server that signals row by row, as PostgreSQL does, until one of `refused` stands there: it says 42501 and takes nothing
 * back. Who is signalled ends at once, but the `deaf`.
 */
function createFakeServer({
  refused = [],
  deaf = [],
  answers = () => true,
  slowMs = 0,
  readsAllStats = true,
}: {
  readonly refused?: readonly number[];
  readonly deaf?: readonly number[];
  readonly answers?: () => boolean;
  readonly slowMs?: number;
  /** At the looks; the statement that signals sees all. */
  readonly readsAllStats?: boolean;
} = {}) {
  const clock = createManualClock();
  const gone = new Set<number>();
  const batches: number[] = [];
  const query: RunQuery = async (sql, values = []) => {
    if (!answers()) return { ok: false, reason: 'the connection broke' };
    const isSignal = sql.includes('pg_terminate_backend');
    const pids = values[isSignal ? 3 : 0] as readonly number[];
    if (!isSignal) {
      const remaining = pids.flatMap((pid, index) => (gone.has(pid) ? [] : [index + 1]));
      return { ok: true, rows: [{ readsAllStats, remaining: readsAllStats ? remaining : [] }] };
    }
    batches.push(pids.length);
    if (slowMs > 0) await clock.advance(slowMs);
    const rows = [];
    for (const [index, pid] of pids.entries()) {
      if (refused.includes(pid)) return { ok: false, reason: 'the query failed (42501): no', sqlState: '42501' };
      const standing = gone.has(pid) ? 'ended' : 'unchanged';
      if (standing === 'unchanged' && !deaf.includes(pid)) gone.add(pid);
      rows.push({ n: index + 1, standing, signalled: standing === 'unchanged' ? true : null });
    }
    return { ok: true, rows };
  };
  return { shell: { query, clock, canaryUser: null }, clock, gone, batches };
}

it('goes in batches of 500', async () => {
  const { shell, batches } = createFakeServer();
  await signalInBatches(targets(1_000), shell);
  expect(batches).toEqual([500, 500]);
});

it.each([1, 3, 500, 501, 600])('lets all but the refused one have their turn: pid %i of 600', async (refused) => {
  const { shell, gone } = createFakeServer({ refused: [refused] });
  const attempts = await signalInBatches(targets(600), shell);
  expect(attempts.map(({ target: { pid } }) => pid)).toEqual(targets(600).map(({ pid }) => pid));
  expect(attempts.flatMap(({ result, target: { pid } }) => (result === 'refused' ? [pid] : []))).toEqual([refused]);
  expect(gone.size).toBe(599);
});

it('counts those as terminated that a statement had signalled before it was broken off', async () => {
  const { shell } = createFakeServer({ refused: [6] });
  const { fates } = await terminateSessions(targets(8), shell);
  expect(fates.map(({ fate }) => fate)).toEqual([...Array(5).fill('terminated'), 'failed', 'terminated', 'terminated']);
  expect(fates[0]?.reason).toBe('gone after a statement that the server broke off');
  expect(fates[5]?.reason).toContain('42501');
  expect(fates[7]?.reason).toBeNull();
});

it('sends nothing more once no answer came', async () => {
  let questions = 0;
  const server = createFakeServer({ answers: () => (questions += 1) !== 2 });
  const attempts = await signalInBatches(targets(1_500), server.shell);
  expect(server.batches).toEqual([500]);
  expect(attempts.map(({ result }) => result)).toEqual([
    ...Array(500).fill('signalled'),
    ...Array(500).fill('unanswered'),
    ...Array(500).fill('untried'),
  ]);
  expect(attempts[1_000]).toMatchObject({ result: 'untried', reason: 'not tried: the connection broke' });
});

it('begins nothing more when its time is over', async () => {
  const { shell, batches } = createFakeServer({ slowMs: 10_000 });
  const attempts = await signalInBatches(targets(2_000), shell);
  expect(batches).toHaveLength(2);
  expect(attempts.at(-1)).toMatchObject({ result: 'untried', reason: 'the time was over before its turn' });
});

it('reports as failed who is told to end and does not, after 5 s', async () => {
  const { shell, clock } = createFakeServer({ deaf: [2] });
  const report = terminateSessions(targets(3), shell);
  await clock.advance(5_000);
  const { fates, tookMs } = await report;
  expect(fates.map(({ fate }) => fate)).toEqual(['terminated', 'failed', 'terminated']);
  expect(fates[1]?.reason).toBe('signalled, and still there after 5 s');
  expect(tookMs).toBe(5_000);
});

it('takes nobody for gone whom it may no longer see', async () => {
  const { shell, clock } = createFakeServer({ readsAllStats: false });
  const report = terminateSessions(targets(1), shell);
  await clock.advance(5_000);
  expect((await report).fates).toMatchObject([
    { fate: 'unknown', reason: expect.stringContaining('lacks pg_monitor') },
  ]);
});
