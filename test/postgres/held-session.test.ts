import { expect, it } from 'vitest';
import type { ConnectOutcome, Session, SessionAnswer } from '../../src/postgres/connect.ts';
import type { ConnectFault } from '../../src/postgres/connect-fault.ts';
import { createHeldSession, type HeldSessionOptions, type HeldState } from '../../src/postgres/held-session.ts';
import { createManualClock, settle } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

const FULL: ConnectFault = {
  tcpConnected: true,
  timedOut: false,
  code: '53300',
  routine: 'InitPostgres',
  message: 'remaining connection slots are reserved',
  detail: null,
  fromServer: true,
};
const STOPPED: ConnectFault = { ...FULL, tcpConnected: false, code: 'ECONNREFUSED', routine: null, fromServer: false };
const TERMINATED: ConnectFault = { ...FULL, code: '57P01', message: 'terminating connection' };
const QUERY_TIMEOUT_MS = 4_000;

/** A session that answers what the test says, when it says so. */
function createFakeSession() {
  const ended = Promise.withResolvers<ConnectFault>();
  const asked: { readonly sql: string; answer(answer: SessionAnswer): void }[] = [];
  const session: Session = {
    backendPid: 1,
    query: (sql) => {
      const { promise, resolve } = Promise.withResolvers<SessionAnswer>();
      asked.push({ sql, answer: resolve });
      return promise;
    },
    ended: ended.promise,
    end: () => ended.resolve(TERMINATED),
    giveUp: (ms) => ended.resolve({ ...FULL, timedOut: true, message: `no answer within ${ms} ms` }),
  };
  return { asked, break: ended.resolve, outcome: { ok: true, session } satisfies ConnectOutcome };
}

async function hold(outcomes: ConnectOutcome[], options: Partial<HeldSessionOptions> = {}) {
  const clock = createManualClock(0);
  const log = createRecordedLog();
  let attempts = 0;
  const held = createHeldSession({
    connect: async () => {
      attempts += 1;
      return outcomes.shift() ?? { ok: false, fault: STOPPED };
    },
    prepare: async () => null,
    queryTimeoutMs: QUERY_TIMEOUT_MS,
    log,
    clock,
    random: () => 0,
    ...options,
  });
  const states: HeldState[] = [held.state()];
  held.onChange((state) => states.push(state));
  await settle();
  return { held, clock, log, states, attempts: () => attempts };
}

it('connects at once, and says so', async () => {
  const { states } = await hold([createFakeSession().outcome]);
  expect(states.map(({ state }) => state)).toEqual(['connecting', 'held']);
});

it('tries again after 250 ms, 500 ms … 10 s, without end', async () => {
  const { clock, attempts } = await hold([]);
  const delays: number[] = [];
  for (let n = 0; n < 8; n += 1) {
    const [delay = Number.NaN] = clock.sleeping();
    delays.push(delay);
    await clock.advance(delay);
  }
  expect(delays).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  expect(attempts()).toBe(9);
});

it('says in words why it cannot connect, since when, and warns once per reason', async () => {
  const { held, clock, log } = await hold([
    { ok: false, fault: STOPPED },
    { ok: false, fault: FULL },
    { ok: false, fault: FULL },
  ]);
  await clock.advance(250);
  await clock.advance(500);
  expect(held.state()).toEqual({
    state: 'lost',
    since: 0,
    reason: 'cannot connect: full: only reserved slots are left',
    verdict: 'only-reserved-left',
  });
  expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
  expect(await held.query('select 1')).toEqual({
    ok: false,
    reason: 'cannot connect: full: only reserved slots are left',
    unsent: true,
  });
});

it('comes back by itself after a loss', async () => {
  const first = createFakeSession();
  const { held, clock, states } = await hold([first.outcome, createFakeSession().outcome]);
  first.break(TERMINATED);
  await settle();
  expect(held.state()).toMatchObject({ state: 'lost', reason: expect.stringContaining('somebody terminated it') });
  await clock.advance(250);
  expect(states.map(({ state }) => state)).toEqual(['connecting', 'held', 'lost', 'held']);
});

it('tells a refused attempt from a session that broke: only the first says how the server receives people', async () => {
  const first = createFakeSession();
  const { clock, states } = await hold([first.outcome, { ok: false, fault: STOPPED }, { ok: false, fault: FULL }]);
  first.break(TERMINATED);
  await clock.advance(750);
  expect(states.map((state) => (state.state === 'lost' ? state.verdict : state.state))).toEqual([
    'connecting',
    'held',
    null,
    'stopped',
    'only-reserved-left',
  ]);
});

it('backs off from sessions that break as soon as they are made', async () => {
  const sessions = [createFakeSession(), createFakeSession(), createFakeSession()];
  const { clock } = await hold(sessions.map(({ outcome }) => outcome));
  const delays: number[] = [];
  for (const session of sessions) {
    session.break(TERMINATED);
    await settle();
    const [delay = Number.NaN] = clock.sleeping();
    delays.push(delay);
    await clock.advance(delay);
  }
  expect(delays).toEqual([250, 500, 1000]);
});

it('starts again from the shortest delay after a session that lasted', async () => {
  const session = createFakeSession();
  const { clock } = await hold([{ ok: false, fault: STOPPED }, { ok: false, fault: STOPPED }, session.outcome]);
  await clock.advance(250);
  await clock.advance(500);
  await clock.advance(60_000);
  session.break(TERMINATED);
  await settle();
  expect(clock.sleeping()).toEqual([250]);
});

it('asks one query at a time', async () => {
  const session = createFakeSession();
  const { held } = await hold([session.outcome]);
  const answers = [held.query('first'), held.query('second')];
  await settle();
  expect(session.asked.map(({ sql }) => sql)).toEqual(['first']);
  session.asked[0]?.answer({ ok: true, rows: [1] });
  await settle();
  session.asked[1]?.answer({ ok: true, rows: [2] });
  expect(await Promise.all(answers)).toEqual([
    { ok: true, rows: [1] },
    { ok: true, rows: [2] },
  ]);
});

it('keeps the session when only the statement failed', async () => {
  const session = createFakeSession();
  const { held } = await hold([session.outcome]);
  const answer = held.query('slow');
  await settle();
  session.asked[0]?.answer({ ok: false, fault: { ...FULL, code: '57014', message: 'canceling statement' } });
  expect(await answer).toEqual({
    ok: false,
    reason: 'the query failed (57014): canceling statement',
    sqlState: '57014',
  });
  expect(held.state().state).toBe('held');
});

it('gives up a session that no longer answers, and everything that waits on it', async () => {
  const { held, clock } = await hold([createFakeSession().outcome]);
  const answers = [held.query('first'), held.query('second')];
  await settle();
  await clock.advance(QUERY_TIMEOUT_MS);
  expect(await answers[0]).toEqual({ ok: false, reason: 'no answer within 4000 ms' });
  expect(await answers[1]).toEqual({
    ok: false,
    reason: 'the held session was given up: no answer within 4000 ms',
    unsent: true,
  });
  expect(held.state().state).toBe('lost');
});

it('does not count a session as held that could not be made ready', async () => {
  const { held } = await hold([createFakeSession().outcome], { prepare: async () => 'not ready' });
  expect(held.state()).toEqual({ state: 'lost', since: 0, reason: 'not ready', verdict: null });
});

it('goes on after a defect of its own', async () => {
  let defects = 0;
  const prepare = async () => {
    defects += 1;
    if (defects === 1) throw new Error('defect');
    return null;
  };
  const { held, clock } = await hold([createFakeSession().outcome, createFakeSession().outcome], { prepare });
  expect(held.state()).toMatchObject({ state: 'lost', reason: 'an internal error; see the log' });
  await clock.advance(250);
  expect(held.state().state).toBe('held');
});

it('stops for good when closed, whether it holds or waits', async () => {
  for (const outcomes of [[createFakeSession().outcome], []]) {
    const { held, clock, attempts } = await hold(outcomes);
    await held.close();
    await clock.advance(60_000);
    expect(held.state().state).toBe('closed');
    expect(attempts()).toBe(1);
    expect(await held.query('select 1')).toEqual({ ok: false, reason: 'closed', unsent: true });
  }
});

it('no longer calls a listener that left', async () => {
  const session = createFakeSession();
  const { held } = await hold([session.outcome]);
  const heard: HeldState[] = [];
  const leave = held.onChange((state) => heard.push(state));
  leave();
  session.break(TERMINATED);
  await settle();
  expect(heard).toEqual([]);
});
