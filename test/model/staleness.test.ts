import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DetailedSession } from '../../src/model/activity.ts';
import { nameApplication } from '../../src/model/application.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import { SESSION_STATES } from '../../src/model/session-group.ts';
import { STALE_KINDS, type StaleContext, type StaleCriteria } from '../../src/model/stale-criteria.ts';
import { countSpared, decideStaleness } from '../../src/model/staleness.ts';
import { detailedSession, detailedSessions } from '../support/detailed-session.ts';

const IDLE: StaleCriteria = { kind: 'idle', olderThanMs: 600_000, application: null };
const IN_TRANSACTION: StaleCriteria = { kind: 'idle-in-transaction', olderThanMs: 300_000, application: null };
const CONTEXT: StaleContext = {
  applications: [{ name: 'site', match: { user: 'site' } }],
  protect: ['pg_dump', 'pgbackrest'],
  poolerPids: seen(new Set([99]), 0),
  cluster: null,
  sessionsAt: 0,
};

function judge(parts: Partial<DetailedSession>, criteria = IDLE, context = CONTEXT) {
  const [judged] = decideStaleness([detailedSession(parts)], criteria, context);
  return judged?.verdict;
}

describe('a session', () => {
  it('that has been idle for long is selected', () => {
    expect(judge({})).toEqual({ kind: 'selected' });
  });

  it.each(['idle in transaction', 'idle in transaction (aborted)'] as const)(
    'that is %s is selected as such',
    (state) => {
      expect(judge({ state }, IN_TRANSACTION)).toEqual({ kind: 'selected' });
    },
  );

  it('that has been idle for exactly that long is selected', () => {
    expect(judge({ stateMs: 600_000, ageMs: 600_000 })).toEqual({ kind: 'selected' });
  });

  it.each<[string, string, Partial<DetailedSession>]>([
    ['backend', 'not a client backend: walsender', { backendType: 'walsender' }],
    ['own', "Breakwater's own", { own: true }],
    ['superuser', "a superuser's", { superuser: true }],
    ['replication', "a replication role's", { replication: true }],
    ['protected', 'protected by application_name pg_dump', { applicationName: 'pg_dump' }],
    ['protected', 'protected by application_name pgBackRest [backup]', { applicationName: 'pgBackRest [backup]' }],
    ['pooler', 'held by a pooler', { pid: 99 }],
    ['unknown', 'its kind of backend is hidden', { backendType: null }],
    ['unknown', 'its role is unknown', { superuser: null }],
    ['unknown', 'its role is unknown', { replication: null }],
    ['unknown', 'who it is is unknown', { userId: null }],
    ['unknown', 'who it is is unknown', { databaseId: null }],
    ['unknown', 'who it is is unknown', { backendStart: '' }],
    ['unknown', 'its age is unknown', { stateMs: null }],
    ['unknown', 'its age is unknown', { stateChange: null }],
    ['unknown', 'its age is unknown', { ageMs: null }],
    ['active', 'active', { state: 'active' }],
    ['state', 'idle in transaction', { state: 'idle in transaction' }],
    ['state', 'starting', { state: 'starting' }],
    ['state', 'other', { state: 'other' }],
    ['young', 'idle for 3 min only', { stateMs: 180_000 }],
    ['young', 'idle for 3 min only', { ageMs: 180_000 }],
  ])('is spared as %s: %s', (reason, words, parts) => {
    expect(judge(parts)).toEqual({ kind: 'spared', reason, words });
  });

  it('is spared where it is not known who the pooler holds', () => {
    const context = { ...CONTEXT, poolerPids: unseen('the console is silent', 0) };
    expect(judge({}, IDLE, context)).toMatchObject({ kind: 'spared', reason: 'unknown' });
  });

  it('of another application than was asked for is spared', () => {
    const criteria = { ...IDLE, application: 'site' };
    expect(judge({}, criteria)).toEqual({ kind: 'selected' });
    expect(judge({ user: 'metabase' }, criteria)).toMatchObject({ reason: 'application' });
  });

  it('that only idles is spared where idle transactions were asked for', () => {
    expect(judge({}, IN_TRANSACTION)).toMatchObject({ kind: 'spared', reason: 'state' });
  });

  it('is not protected by a name that only begins like a protected one', () => {
    expect(judge({ applicationName: 'pg_dumper' })).toEqual({ kind: 'selected' });
  });

  it.each(SESSION_STATES)('that is %s is no orphan as long as nobody knows the pods', (state) => {
    expect(judge({ state }, { kind: 'orphaned', olderThanMs: 1_000, application: null })).toMatchObject({
      kind: 'spared',
      reason: 'cluster',
    });
  });
});

it('counts the spared by their reason, most first', () => {
  const sessions = [...detailedSessions(3, { state: 'active' }), detailedSession(), detailedSession({ own: true })];
  expect(countSpared(decideStaleness(sessions, IDLE, CONTEXT))).toEqual([
    { reason: 'active', count: 3 },
    { reason: 'own', count: 1 },
  ]);
});

describe('no mix of sessions', () => {
  const age = fc.oneof(fc.integer({ min: 0, max: 7_200_000 }), fc.constantFrom(Number.NaN, null, 599_999, 600_000));
  const odd: fc.Arbitrary<Partial<DetailedSession>> = fc.oneof(
    fc.record({ backendStart: fc.constant('') }),
    fc.record({ user: fc.constantFrom('metabase', 'breakwater', null) }),
    fc.record({ applicationName: fc.constantFrom('pg_dump', 'PG_DUMP', 'pgbackrest [x]', 'breakwater', 'django') }),
    fc.record({ state: fc.constantFrom(...SESSION_STATES) }),
    fc.record({ stateMs: age, ageMs: age }),
    fc.record({ own: fc.boolean() }),
    fc.record({ backendType: fc.constantFrom('walsender', 'parallel worker', 'autovacuum worker', null) }),
    fc.record({ userId: fc.option(fc.nat()), databaseId: fc.option(fc.nat()) }),
    fc.record({ superuser: fc.constantFrom(true, null), replication: fc.constantFrom(true, false, null) }),
    fc.record({ replication: fc.constantFrom(true, null) }),
    fc.record({ stateChange: fc.constant(null) }),
  );
  const sessions = fc.array(
    fc
      .tuple(fc.integer({ min: 90, max: 110 }), fc.array(odd, { maxLength: 3 }))
      .map(([pid, oddities]) => detailedSession(Object.assign({ pid }, ...oddities))),
  );
  const criteria = fc.record({
    kind: fc.constantFrom(...STALE_KINDS),
    olderThanMs: fc.integer({ min: 1_000, max: 3_600_000 }),
    application: fc.option(fc.constantFrom('site', 'metabase')),
  });
  const poolerPids = fc.oneof(
    fc.array(fc.integer({ min: 90, max: 110 })).map((pids) => seen(new Set(pids), 0)),
    fc.constant(unseen('silent', 0)),
  );

  it('ever selects one that is protected, in use, too young, or not fully known', () => {
    let selected = 0;
    fc.assert(
      fc.property(sessions, criteria, poolerPids, (all, wanted, pids) => {
        const context = { ...CONTEXT, poolerPids: pids };
        for (const { session, verdict } of decideStaleness(all, wanted, context)) {
          if (verdict.kind !== 'selected') continue;
          selected += 1;
          expect(session.backendType).toBe('client backend');
          expect([session.own, session.superuser, session.replication]).toEqual([false, false, false]);
          expect(session.applicationName.toLowerCase()).not.toMatch(/^(pg_dump|pgbackrest)/);
          expect(pids.ok && !pids.value.has(session.pid)).toBe(true);
          expect([session.userId, session.databaseId, session.stateChange]).not.toContain(null);
          expect(session.backendStart).not.toBe('');
          expect(session.state).toMatch(wanted.kind === 'idle' ? /^idle$/ : /^idle in transaction/);
          expect(session.stateMs).toBeGreaterThanOrEqual(wanted.olderThanMs);
          expect(session.ageMs).toBeGreaterThanOrEqual(wanted.olderThanMs);
          if (wanted.application !== null)
            expect(nameApplication(session, CONTEXT.applications)).toBe(wanted.application);
          expect(wanted.kind).not.toBe('orphaned');
        }
      }),
      { numRuns: 1_000 },
    );
    // Else it would say nothing.
    expect(selected).toBeGreaterThan(50);
  });
});
