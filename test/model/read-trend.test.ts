import { expect, test } from 'vitest';
import { createHistory, LAST_HOURS } from '../../src/model/history.ts';
import { readTrend } from '../../src/model/read-trend.ts';

const NOW = Date.UTC(2020, 11, 11, 13, 24);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

function leaked() {
  const history = createHistory(LAST_HOURS);
  for (let at = NOW - 40 * MINUTE; at <= NOW; at += 5 * SECOND) {
    const leak = Math.max(0, Math.round(((at - NOW + 5 * MINUTE) * 6) / MINUTE));
    history.record(at, new Map(Object.entries({ site: 20 + leak, bot: 20 })));
  }
  return history;
}

test('a trend is ten minutes of totals, who rose in the last of them, and the forecast from them', () => {
  const { totals, forecast, growth } = readTrend(leaked(), 97, NOW);
  expect([totals[0]?.at, totals.at(-1)]).toEqual([NOW - 10 * MINUTE, { at: NOW, total: 70 }]);
  expect(forecast).toMatchObject({ kind: 'exhausts', perMinute: expect.closeTo(6, 1) });
  expect(growth).toEqual([{ application: 'site', by: 6 }]);
});

test('without the limits there are totals and no forecast', () => {
  const { totals, forecast } = readTrend(leaked(), null, NOW);
  expect(totals).toHaveLength(121);
  expect(forecast.kind).toBe('unknown');
});
