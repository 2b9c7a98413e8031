import { describe, expect, it } from 'vitest';
import { closenessOf } from '../../src/alerts/closeness.ts';
import connectionsRising from '../../src/alerts/rules/connections-rising.ts';
import type { TotalPoint } from '../../src/model/forecast.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import { defaultSettings, type RuleSettings } from '../../src/model/rule-options.ts';
import { databaseView, group, NOW, serverFacts, snapshot } from '../support/builders.ts';
import { service } from '../support/rule-findings.ts';

const usual = defaultSettings(connectionsRising);
const site = { name: 'site', match: { user: 'site' }, impact: 'site, API' };

/** Ten minutes at `before`, and now `count`. */
function before(total: number, count: number, spanMs = 600_000): readonly TotalPoint[] {
  const earlier = Array.from({ length: spanMs / 5_000 - 1 }, (_, index) => ({ at: NOW - (index + 1) * 5_000, total }));
  return [...earlier.toReversed(), { at: NOW, total: count }];
}

function judged(totals: readonly TotalPoint[], settings: RuleSettings = usual, parts = {}) {
  const count = totals.at(-1)?.total ?? 0;
  const view = databaseView([group({ count })], {
    snapshot: snapshot([group({ count })], parts),
    applications: [site],
    dependents: [service({ name: 'wiki', impact: undefined })],
    trend: {
      totals,
      forecast: { kind: 'steady' },
      growth: [
        { application: 'site', by: 31 },
        { application: 'bot', by: 2 },
      ],
    },
  });
  const [finding] = connectionsRising.evaluate(view, settings);
  if (!finding) throw new Error('no finding');
  return finding;
}

describe('connections-rising', () => {
  it.each([
    [50, 71, 'firing'],
    [50, 70, 'firing'],
    [50, 69, 'holding'],
    [50, 55, 'holding'],
    [50, 54, 'clear'],
    [60, 50, 'clear'],
    // Half of the 97 usable are 48.5.
    [28, 49, 'firing'],
    [28, 48, 'holding'],
    [40, 44, 'clear'],
  ] as const)('judges %i and a minute later %i as %s', (total, count, expected) => {
    expect(judged(before(total, count)).standing).toBe(expected);
  });

  it('says how many came, how full it is, and who rose the most', () => {
    expect(judged(before(50, 84))).toMatchObject({
      subject: 'total',
      value: 34,
      headline: '34 connections more than usual within 1 min: 84 in use, 97 usable',
      evidence: 'In the last minute site rose by 31, bot by 2.',
      impact: 'site: site, API; wiki',
    });
  });

  it('takes no clients for a surge that come back to where they were', () => {
    const back = before(80, 80).map(({ at, total }) => ({ at, total: at > NOW - 90_000 && at < NOW ? 30 : total }));
    expect(judged(back).standing).toBe('clear');
  });

  it.each([
    ['fire', { fire: { kind: 'count', value: 35 } } as const, 'holding'],
    ['clear', { fire: { kind: 'count', value: 60 }, clear: { kind: 'count', value: 40 } } as const, 'clear'],
    ['above', { extra: { ...usual.extra, above: { kind: 'percent', value: 90 } } } as const, 'holding'],
  ])('is judged by the %s that is configured', (_, parts, expected) => {
    expect(judged(before(50, 84), { ...usual, ...parts }).standing).toBe(expected);
  });

  it('looks at as much time as is configured', () => {
    const slow = before(50, 80).map(({ at, total }) => ({ at, total: at > NOW - 100_000 ? 80 : total }));
    const within = { ...usual, extra: { ...usual.extra, within: { kind: 'count', value: 120_000 } } } as const;
    expect([judged(slow).standing, judged(slow, within).standing]).toEqual(['clear', 'firing']);
  });

  it('is unknown where too little was seen, though what is seen suffices to fire', () => {
    expect(judged(before(50, 55, 30_000))).toMatchObject({ standing: 'unknown', value: null });
    expect(judged(before(50, 75, 30_000)).standing).toBe('firing');
  });

  it('is unknown when the sessions are, and says why', () => {
    expect(judged(before(50, 84), usual, { sessions: unseen('the server is frozen', NOW) })).toMatchObject({
      standing: 'unknown',
      headline: expect.stringContaining('frozen'),
    });
  });

  it('is never clear on counts that are too low for want of a privilege', () => {
    const missing = { privilege: 'pg_monitor', consequence: '', remedy: '', countsAreLow: true } as const;
    const low = { server: seen(serverFacts({ missingPrivileges: [missing] }), NOW) };
    expect(judged(before(50, 52), usual, low).standing).toBe('unknown');
    expect(judged(before(50, 84), usual, low).standing).toBe('firing');
  });

  it('calls for fast samples near its threshold, and not where it cannot fire', () => {
    const closeness = (totals: readonly TotalPoint[]) =>
      closenessOf(
        [{ rule: connectionsRising.id, database: 'main', settings: usual, findings: [judged(totals)] }],
        [connectionsRising],
      );
    expect(closeness(before(50, 65))).toBe(0.75);
    expect(closeness(before(10, 40))).toBe(0);
  });
});
