import { describe, expect, it } from 'vitest';
import { closenessOf } from '../../src/alerts/closeness.ts';
import connectionsForecast from '../../src/alerts/rules/connections-forecast.ts';
import type { Forecast } from '../../src/model/forecast.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import { defaultSettings, type RuleSettings } from '../../src/model/rule-options.ts';
import { databaseView, group, NOW, serverFacts, snapshot } from '../support/builders.ts';

const MINUTE = 60_000;
const usual = defaultSettings(connectionsForecast);
const site = { name: 'site', match: { user: 'site' }, impact: 'site, API' };
const full = (minutes: number): Forecast => ({ kind: 'exhausts', inMs: minutes * MINUTE, perMinute: 6 });

function judged(forecast: Forecast, { count = 71, settings = usual, parts = {} }: Options = {}) {
  const view = databaseView([], {
    snapshot: snapshot([group({ count })], parts),
    applications: [site],
    trend: { totals: [], forecast },
  });
  const [finding] = connectionsForecast.evaluate(view, settings);
  if (!finding) throw new Error('no finding');
  return finding;
}

interface Options {
  readonly count?: number;
  readonly settings?: RuleSettings;
  readonly parts?: object;
}

describe('connections-forecast', () => {
  it.each([
    [9.9, 'firing'],
    [10, 'firing'],
    [10.1, 'holding'],
    [20, 'holding'],
    [20.1, 'clear'],
  ] as const)('judges %d minutes to exhaustion as %s', (minutes, expected) => {
    expect(judged(full(minutes)).standing).toBe(expected);
  });

  it.each([
    [49, 'firing'],
    [48, 'holding'],
  ] as const)('with %i of 97 in use, which half of lies at 48.5, is %s', (count, expected) => {
    expect(judged(full(4), { count }).standing).toBe(expected);
  });

  it('is clear when nothing rises', () => {
    expect(judged({ kind: 'steady' })).toMatchObject({
      standing: 'clear',
      headline: 'main is not filling up: 71 of 97 usable connections in use',
    });
  });

  it.each([{ kind: 'steady' } as const, full(0), full(4)])(
    'leaves a full server to connections-total: %o',
    (forecast) => {
      expect(judged(forecast, { count: 97 })).toMatchObject({
        standing: 'holding',
        headline: 'main is full: 97 of 97 usable connections in use',
      });
    },
  );

  it('says when, how full it is, how fast it rises, and who holds the most', () => {
    expect(judged(full(4))).toMatchObject({
      subject: 'total',
      value: 71,
      headline: 'main is full in 4 min: 71 of 97 usable connections in use, rising by 6 a minute',
      evidence: 'Most are held by site 71.',
      impact: 'site: site, API',
    });
  });

  it.each([
    ['fire', { fire: { kind: 'count', value: 3 * MINUTE } } as const, 4, 'holding'],
    ['clear', { clear: { kind: 'count', value: 12 * MINUTE } } as const, 15, 'clear'],
    ['above', { extra: { above: { kind: 'count', value: 71 } } } as const, 4, 'holding'],
    ['above', { extra: { above: { kind: 'count', value: 70 } } } as const, 4, 'firing'],
  ])('is judged by the %s that is configured', (_, parts, minutes, expected) => {
    expect(judged(full(minutes), { settings: { ...usual, ...parts } }).standing).toBe(expected);
  });

  it.each([
    ['the forecast is', { kind: 'unknown', reason: 'too little was counted' } as const, {}, 'too little was counted'],
    ['the sessions are', full(4), { sessions: unseen('the server is frozen', NOW) }, 'frozen'],
    ['the limits are', full(4), { server: unseen('not connected', NOW) }, 'not connected'],
  ])('is unknown when %s, and says why', (_, forecast, parts, reason) => {
    expect(judged(forecast, { parts })).toMatchObject({
      standing: 'unknown',
      value: null,
      headline: expect.stringContaining(reason),
    });
  });

  it('is never clear on counts that are too low for want of a privilege', () => {
    const missing = { privilege: 'pg_monitor', consequence: '', remedy: '', countsAreLow: true } as const;
    const parts = { server: seen(serverFacts({ missingPrivileges: [missing] }), NOW) };
    expect(judged({ kind: 'steady' }, { parts }).standing).toBe('unknown');
    expect(judged(full(4), { parts }).standing).toBe('firing');
  });

  it('says nothing of its own about the sampling interval', () => {
    const findings = [judged(full(4))];
    expect(
      closenessOf(
        [{ rule: connectionsForecast.id, database: 'main', settings: usual, findings }],
        [connectionsForecast],
      ),
    ).toBe(0);
  });
});
