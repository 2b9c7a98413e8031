import { describe, expect, it } from 'vitest';
import idleInTransaction from '../../../src/alerts/rules/idle-in-transaction.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import type { SessionGroup } from '../../../src/model/session-group.ts';
import { group, NOW } from '../../support/builders.ts';
import { activeSession, finding, HOSTILE, LOW, MINUTE } from '../../support/rule-findings.ts';

const idle = (longestInStateMs: number | null, parts: Partial<SessionGroup> = {}) =>
  group({ state: 'idle in transaction', longestInStateMs, ...parts });
const sessions = (...groups: SessionGroup[]) => ({ sessions: seen(groups, NOW) });

describe('idle-in-transaction', () => {
  it.each([
    [5 * MINUTE - 1, 'clear'],
    [5 * MINUTE, 'firing'],
    [5 * MINUTE + 1, 'firing'],
  ] as const)('judges one of %i ms as %s', (ms, standing) => {
    expect(finding(idleInTransaction, sessions(idle(ms)))).toMatchObject({ subject: 'sessions', standing, value: ms });
  });

  it.each([
    [2 * MINUTE - 1, 'clear'],
    [2 * MINUTE, 'holding'],
    [10 * MINUTE - 1, 'holding'],
    [10 * MINUTE, 'firing'],
  ] as const)('judges one of %i ms as %s where it fires at 10m and clears below 2m', (ms, standing) => {
    const written = { fire: '10m', clear: '2m' };
    expect(finding(idleInTransaction, sessions(idle(ms)), {}, written).standing).toBe(standing);
  });

  it('counts aborted transactions too, and nothing else', () => {
    const age = { longestInStateMs: 60 * MINUTE };
    const standingOf = (state: SessionGroup['state']) =>
      finding(idleInTransaction, sessions(group({ state, ...age }))).standing;
    expect(standingOf('idle in transaction (aborted)')).toBe('firing');
    expect((['active', 'idle', 'starting', 'other'] as const).map(standingOf)).toEqual(Array(4).fill('clear'));
  });

  it('spares nobody: a protected application that does nothing holds up VACUUM all the same', () => {
    const dump = sessions(idle(6 * MINUTE, { applicationName: 'pg_dump' }));
    expect(finding(idleInTransaction, dump, { protect: ['pg_dump'] }).standing).toBe('firing');
  });

  it('is about the oldest, by application, in whole minutes', () => {
    const groups = sessions(idle(5 * MINUTE), idle(6.9 * MINUTE, { user: 'metabase', address: null }));
    const site = { name: 'the site', match: { user: 'site' } };
    expect(finding(idleInTransaction, groups, { applications: [site] })).toMatchObject({
      headline: 'a session of metabase has been idle in a transaction for 6 min',
      evidence: 'It comes over a local socket.',
    });
  });

  it('names the sessions, the oldest first, where they were read one by one', () => {
    const at = (pid: number, stateMs: number, state: SessionGroup['state'] = 'idle in transaction') =>
      activeSession({ pid, stateMs, state, transactionMs: stateMs });
    const activity = seen(
      [at(1, 5 * MINUTE), at(2, 7 * MINUTE), at(3, 6 * MINUTE), at(4, MINUTE), at(5, 9 * MINUTE, 'idle'), at(6, 8e5)],
      NOW,
    );
    expect(finding(idleInTransaction, sessions(idle(8e5)), { activity }).evidence).toBe(
      'Oldest: site, pid 6, from 10.2.0.5, since 2020-12-11 13:10 UTC; site, pid 2, from 10.2.0.5, since 2020-12-11 13:17 UTC; ' +
        'site, pid 3, from 10.2.0.5, since 2020-12-11 13:18 UTC and 1 more.',
    );
  });

  it('is unknown, not clear, where an age is not known, unless another one proves it', () => {
    expect(finding(idleInTransaction, sessions(idle(null))).standing).toBe('unknown');
    expect(finding(idleInTransaction, sessions(idle(null), idle(5 * MINUTE))).standing).toBe('firing');
    expect(finding(idleInTransaction, sessions(idle(null), idle(MINUTE))).standing).toBe('unknown');
  });

  it.each([
    ['the sessions are unseen', { sessions: unseen('no answer', NOW) }, 'no answer'],
    ['the server is unseen', { ...sessions(idle(9e9)), server: unseen('lost', NOW) }, 'lost'],
    ['sessions are hidden', { ...sessions(idle(MINUTE)), server: LOW }, 'hidden'],
  ])('is unknown where %s, and says why', (_, parts, why) => {
    expect(finding(idleInTransaction, parts)).toMatchObject({
      standing: 'unknown',
      value: null,
      headline: expect.stringContaining(why),
    });
  });

  it('fires on what it sees though sessions are hidden', () => {
    expect(finding(idleInTransaction, { ...sessions(idle(5 * MINUTE)), server: LOW }).standing).toBe('firing');
  });

  it('passes hostile names on as they are, and keeps them out of its advice', () => {
    const hostile = { user: HOSTILE, address: null };
    const activity = seen([activeSession({ ...hostile, state: 'idle in transaction', stateMs: 6 * MINUTE })], NOW);
    const found = finding(idleInTransaction, sessions(idle(6 * MINUTE, hostile)), { activity });
    expect(found.headline).toContain(HOSTILE);
    expect(found.evidence).toContain(`${HOSTILE}, pid 4711`);
    expect(found.firstStep).toBeUndefined();
  });
});
