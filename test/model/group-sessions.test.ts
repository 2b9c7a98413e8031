import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addStates, asGroups, fits, groupSessions, type SessionFilter } from '../../src/model/group-sessions.ts';
import { countSessions, SESSION_STATES } from '../../src/model/session-group.ts';
import { group } from '../support/builders.ts';
import { detailed } from '../support/looking.ts';

const EVERYTHING: SessionFilter = { application: null, state: null };
const applications = [{ name: 'site', match: { user: 'site' }, limit: 32 }];

const anyGroups = fc.array(
  fc.record({
    user: fc.constantFrom('site', 'bot', null),
    address: fc.constantFrom('10.2.0.5', '10.2.0.6', null),
    state: fc.constantFrom(...SESSION_STATES),
    count: fc.integer({ min: 1, max: 40 }),
    longestInStateMs: fc.option(fc.nat()),
  }),
  { maxLength: 30 },
);

describe('grouping sessions', () => {
  it('puts each application and address in one group, the largest first', () => {
    const groups = groupSessions(
      [
        group({ user: 'bot', count: 2 }),
        group({ address: '10.2.0.6', count: 3 }),
        group({ count: 4 }),
        group({ state: 'active', count: 1 }),
      ],
      applications,
      EVERYTHING,
    );
    expect(groups.map(({ application, address, count }) => [application, address, count])).toEqual([
      ['site', '10.2.0.5', 5],
      ['site', '10.2.0.6', 3],
      ['bot', '10.2.0.5', 2],
    ]);
  });

  it('knows the longest in each state, and the oldest transaction', () => {
    const [only] = groupSessions(
      asGroups([
        detailed({ stateMs: 5_000 }),
        detailed({ stateMs: 9_000 }),
        detailed({ state: 'active', stateMs: null, transactionMs: 700 }),
        detailed({ state: 'active', stateMs: 300, transactionMs: 400 }),
      ]),
      applications,
      EVERYTHING,
    );
    expect(only).toMatchObject({
      states: [
        { state: 'active', count: 2, longestMs: 300 },
        { state: 'idle', count: 2, longestMs: 9_000 },
      ],
      oldestTransactionMs: 700,
    });
  });

  it('counts for the limit what the filter leaves out and what other pods hold', () => {
    const groups = groupSessions(
      [group({ count: 20 }), group({ state: 'active', count: 15 }), group({ address: '10.2.0.6', count: 9 })],
      applications,
      { application: 'site', state: 'active' },
    );
    expect(groups).toMatchObject([{ count: 15, applicationCount: 44, limit: 32 }]);
  });

  it("keeps Breakwater's own sessions", () => {
    const own = asGroups([detailed({ user: 'breakwater', own: true, address: null })]);
    expect(groupSessions(own, [], EVERYTHING)).toMatchObject([{ application: 'breakwater', address: null, count: 1 }]);
  });

  it('loses and doubles nobody', () => {
    fc.assert(
      fc.property(anyGroups, (parts) => {
        const sessions = parts.map((each) => group(each));
        const groups = groupSessions(sessions, applications, EVERYTHING);
        expect(countSessions(groups)).toBe(countSessions(sessions));
        expect(countSessions(addStates(groups))).toBe(countSessions(sessions));
        const keys = groups.map(({ application, address }) => JSON.stringify([application, address]));
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  it('is split by a filter without a rest', () => {
    fc.assert(
      fc.property(anyGroups, (parts) => {
        const sessions = parts.map((each) => group(each));
        const counts = SESSION_STATES.map((state) =>
          countSessions(groupSessions(sessions, applications, { application: null, state })),
        );
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(countSessions(sessions));
      }),
    );
  });

  it.each([
    [{ application: null, state: null }, true],
    [{ application: 'site', state: 'idle' }, true],
    [{ application: 'site', state: 'active' }, false],
    [{ application: 'bot', state: 'idle' }, false],
  ] as const)('asks both parts of the filter: %j', (filter, expected) => {
    expect(fits({ application: 'site', state: 'idle' }, filter)).toBe(expected);
  });
});
