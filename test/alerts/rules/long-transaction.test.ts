import { describe, expect, it } from 'vitest';
import longTransaction from '../../../src/alerts/rules/long-transaction.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import type { SessionGroup } from '../../../src/model/session-group.ts';
import { group, NOW } from '../../support/builders.ts';
import { activeSession, finding, HOSTILE, LOW, MINUTE } from '../../support/rule-findings.ts';

const open = (oldestTransactionMs: number | null, parts: Partial<SessionGroup> = {}) =>
  group({ state: 'active', oldestTransactionMs, ...parts });
const sessions = (...groups: SessionGroup[]) => ({ sessions: seen(groups, NOW) });
const protect = ['pg_dump', 'alembic'];

describe('long-transaction', () => {
  it.each([
    [30 * MINUTE - 1, 'clear'],
    [30 * MINUTE, 'firing'],
    [30 * MINUTE + 1, 'firing'],
    [null, 'clear'],
  ] as const)('judges one of %s ms as %s', (ms, standing) => {
    expect(finding(longTransaction, sessions(open(ms)))).toMatchObject({ subject: 'transactions', standing });
  });

  it.each([
    [10 * MINUTE - 1, 'clear'],
    [10 * MINUTE, 'holding'],
    [60 * MINUTE - 1, 'holding'],
    [60 * MINUTE, 'firing'],
  ] as const)('judges one of %i ms as %s where it fires at 1h and clears below 10m', (ms, standing) => {
    expect(finding(longTransaction, sessions(open(ms)), {}, { fire: '1h', clear: '10m' }).standing).toBe(standing);
  });

  it.each([
    ['an application on the protect list', { applicationName: 'pg_dump' }, 'clear'],
    ['the bot itself', { own: true }, 'clear'],
    ['an application whose name only begins like one', { applicationName: 'pg_dumpster' }, 'firing'],
    ['a user who is called like one', { user: 'pg_dump' }, 'firing'],
  ] as const)('of %s is %s', (_, parts, standing) => {
    expect(finding(longTransaction, sessions(open(60 * MINUTE, parts)), { protect }).standing).toBe(standing);
  });

  it('is about the oldest of those that count', () => {
    const groups = sessions(open(90 * MINUTE, { applicationName: 'pg_dump' }), open(45 * MINUTE), open(31 * MINUTE));
    expect(finding(longTransaction, groups, { protect })).toMatchObject({
      value: 45 * MINUTE,
      headline: 'a transaction of site has been open for 45 min',
      evidence: 'It comes from 10.2.0.5.',
    });
  });

  it('names the sessions that count where they were read one by one', () => {
    const at = (pid: number, transactionMs: number | null, applicationName = '', own = false) =>
      activeSession({ pid, transactionMs, applicationName, own, state: 'active' });
    const activity = seen(
      [at(1, 9e6, 'pg_dump'), at(2, 9e6, '', true), at(3, 45 * MINUTE), at(4, null), at(5, MINUTE)],
      NOW,
    );
    expect(finding(longTransaction, sessions(open(45 * MINUTE)), { activity, protect }).evidence).toBe(
      'Oldest: site, pid 3, from 10.2.0.5, since 2020-12-11 12:39 UTC.',
    );
  });

  it.each([
    ['the sessions are unseen', { sessions: unseen('no answer', NOW) }, 'no answer'],
    ['the server is unseen', { ...sessions(open(9e9)), server: unseen('lost', NOW) }, 'lost'],
    ['sessions are hidden', { ...sessions(open(MINUTE)), server: LOW }, 'hidden'],
  ])('is unknown where %s, and says why', (_, parts, why) => {
    expect(finding(longTransaction, parts)).toMatchObject({
      standing: 'unknown',
      headline: expect.stringContaining(why),
    });
  });

  it('fires on what it sees though sessions are hidden', () => {
    expect(finding(longTransaction, { ...sessions(open(30 * MINUTE)), server: LOW }).standing).toBe('firing');
  });

  it('passes hostile names on as they are', () => {
    expect(finding(longTransaction, sessions(open(30 * MINUTE, { user: HOSTILE, address: HOSTILE })))).toMatchObject({
      headline: `a transaction of ${HOSTILE} has been open for 30 min`,
      evidence: `It comes from ${HOSTILE}.`,
    });
  });
});
