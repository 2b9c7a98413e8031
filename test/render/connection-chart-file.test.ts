import { describe, expect, it } from 'vitest';
import type { Forecast } from '../../src/model/forecast.ts';
import { createHistory } from '../../src/model/history.ts';
import { unseen } from '../../src/model/observed.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { describeChart } from '../../src/render/connection-chart-file.ts';
import { group, NOW, snapshot } from '../support/builders.ts';

const MINUTE = 60_000;
const full = (minutes: number): Forecast => ({ kind: 'exhausts', inMs: minutes * MINUTE, perMinute: 6 });

/** The chart after `minutes` of samples, with 71 of 97 in use. */
function chartOf(forecast: Forecast, minutes = 40, state: Partial<Snapshot> = {}) {
  const history = createHistory({ bucketMs: 1_000, spanMs: 60 * MINUTE });
  for (let at = NOW - minutes * MINUTE; at <= NOW; at += 5_000) history.record(at, new Map([['site', 71]]));
  return describeChart({
    database: 'main',
    at: NOW,
    snapshot: snapshot([group({ count: 71 })], state),
    history,
    configured: [],
    fireAt: 90,
    forecast,
  });
}

describe('the forecast in the chart', () => {
  it.each([10, 30, 54])('of %i minutes meets the usable connections a little within the right edge', (minutes) => {
    const { forecast, toMs, fromMs } = chartOf(full(minutes));
    expect(forecast).toEqual([{ at: NOW + minutes * MINUTE, total: 97 }]);
    expect(toMs).toBeCloseTo(NOW + minutes * 1.1 * MINUTE, -3);
    expect(fromMs).toBe(NOW - 30 * MINUTE);
  });

  it('leaves room for its word however soon it comes', () => {
    expect(chartOf(full(0.2)).toMs).toBe(NOW + 6 * MINUTE);
  });

  it('does not push what was seen to the edge', () => {
    const { forecast, toMs } = chartOf(full(50), 3);
    expect(forecast).toHaveLength(1);
    expect(toMs).toBe(NOW + 6 * MINUTE);
  });

  it('is no gap', () => {
    expect(chartOf(full(10)).gaps).toEqual([]);
  });

  it.each([
    ['nothing rises', { kind: 'steady' } as const, {}],
    ['nothing is known', { kind: 'unknown', reason: 'too little' } as const, {}],
    ['it is full', full(0), {}],
    ['it is more than an hour away', full(61), {}],
    ['the limits are unknown', full(4), { server: unseen('lost', NOW) }],
    ['the sessions are unknown', full(4), { sessions: unseen('lost', NOW) }],
  ])('is not drawn when %s', (_, forecast, state) => {
    const chart = chartOf(forecast, 40, state);
    expect(chart.forecast).toBeUndefined();
    expect(chart.toMs).toBe(NOW);
  });
});
