import { describe, expect, it } from 'vitest';
import idleInTransaction from '../../../src/alerts/rules/idle-in-transaction.ts';
import longTransaction from '../../../src/alerts/rules/long-transaction.ts';
import type { ActiveSession } from '../../../src/model/activity.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import { databaseView, group, NOW, serverFacts, snapshot } from '../../support/builders.ts';
import { settingsOf } from '../../support/rule-settings.ts';

const MINUTE_MS = 60_000;
const blind = { snapshot: snapshot([], { sessions: unseen('frozen', NOW) }) };
const low = seen(
  serverFacts({ missingPrivileges: [{ privilege: 'pg_monitor', consequence: '', remedy: '', countsAreLow: true }] }),
  NOW,
);

function session(parts: Partial<ActiveSession>): ActiveSession {
  return {
    pid: 1,
    backendStart: '2020-12-11 13:00:00.123456+00',
    user: 'site',
    database: 'site',
    applicationName: '',
    address: '10.2.0.5',
    state: 'idle in transaction',
    stateMs: 0,
    transactionMs: 0,
    waitEventType: null,
    own: false,
    ...parts,
  };
}

describe('idle-in-transaction', () => {
  const idle = (ms: number, parts: object = {}) =>
    group({ state: 'idle in transaction', longestInStateMs: ms, oldestTransactionMs: ms, ...parts });
  const standing = (groups: ReturnType<typeof group>[], written = {}) =>
    idleInTransaction.evaluate(databaseView(groups), settingsOf(idleInTransaction, written))[0]?.standing;

  it.each([
    [5 * MINUTE_MS - 1, 'clear'],
    [5 * MINUTE_MS, 'firing'],
    [5 * MINUTE_MS + 1, 'firing'],
  ])('after %i ms is %s', (ms, expected) => {
    expect(standing([idle(ms)])).toBe(expected);
  });

  it('counts an aborted one too', () => {
    expect(standing([idle(9 * MINUTE_MS, { state: 'idle in transaction (aborted)' })])).toBe('firing');
  });

  it.each([
    [
      'a working transaction',
      group({ state: 'active', longestInStateMs: 9 * MINUTE_MS, oldestTransactionMs: 9 * MINUTE_MS }),
    ],
    ['an idle session', group({ state: 'idle', longestInStateMs: 9 * MINUTE_MS })],
  ])('does not count %s', (_, other) => {
    expect(standing([other])).toBe('clear');
  });

  it('goes by the time since it fell idle, not by the age of its transaction', () => {
    expect(standing([idle(MINUTE_MS, { oldestTransactionMs: 60 * MINUTE_MS })])).toBe('clear');
  });

  it('takes other thresholds, and holds between them', () => {
    const written = { fire: '10m', clear: '2m' };
    expect([1, 5, 10].map((minutes) => standing([idle(minutes * MINUTE_MS)], written))).toEqual([
      'clear',
      'holding',
      'firing',
    ]);
  });

  it('names the one it is, where the sessions were read', () => {
    const activity = seen(
      [session({ pid: 7, stateMs: 1 }), session({ pid: 8, stateMs: 6 * MINUTE_MS, address: null })],
      NOW,
    );
    const [finding] = idleInTransaction.evaluate(
      databaseView([idle(6 * MINUTE_MS + 5_000)], { activity }),
      settingsOf(idleInTransaction),
    );
    expect(finding).toMatchObject({
      headline: 'a session of site has been idle in a transaction for 6 min',
      evidence: 'Oldest: site, pid 8, over a local socket, since 2020-12-11 13:18 UTC.',
    });
  });

  it('is unknown when the sessions are, and never clear on counts that are too low', () => {
    expect(idleInTransaction.evaluate(databaseView([], blind), settingsOf(idleInTransaction))[0]?.standing).toBe(
      'unknown',
    );
    const view = databaseView([], { snapshot: snapshot([idle(1)], { server: low }) });
    expect(idleInTransaction.evaluate(view, settingsOf(idleInTransaction))[0]?.standing).toBe('unknown');
  });
});

describe('long-transaction', () => {
  const old = (ms: number, parts: object = {}) => group({ state: 'active', oldestTransactionMs: ms, ...parts });
  const evaluate = (groups: ReturnType<typeof group>[], parts = {}) =>
    longTransaction.evaluate(databaseView(groups, { protect: ['pg_dump'], ...parts }), settingsOf(longTransaction))[0];

  it.each([
    [30 * MINUTE_MS - 1, 'clear'],
    [30 * MINUTE_MS, 'firing'],
    [30 * MINUTE_MS + 1, 'firing'],
  ])('after %i ms is %s', (ms, expected) => {
    expect(evaluate([old(ms)])?.standing).toBe(expected);
  });

  it.each([
    ['a protected tool', { applicationName: 'pg_dump' }],
    ['the bot', { own: true }],
  ])('leaves %s aside', (_, parts) => {
    expect(evaluate([old(99 * MINUTE_MS, parts)])?.standing).toBe('clear');
  });

  it('names the one it is, the protected ones aside', () => {
    const activity = seen(
      [
        session({ pid: 7, transactionMs: 99 * MINUTE_MS, applicationName: 'pg_dump' }),
        session({ pid: 8, transactionMs: 31 * MINUTE_MS }),
      ],
      NOW,
    );
    expect(evaluate([old(31 * MINUTE_MS)], { activity })?.evidence).toEqual(
      expect.stringMatching(/^Oldest: site, pid 8, from 10\.2\.0\.5, since [^;]*\.$/),
    );
  });

  it('is unknown when the sessions are', () => {
    expect(evaluate([], blind)?.standing).toBe('unknown');
  });
});
