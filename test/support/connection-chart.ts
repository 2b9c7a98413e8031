import type { HistoryPoint } from '../../src/model/history.ts';
import type { ConnectionChart } from '../../src/render/chart/connection-chart.ts';

/** 13:24 UTC on the day that Breakwater was born from. */
export const NOON_OF_TROUBLE = Date.UTC(2020, 11, 11, 13, 24);

/** One counted point of a history. */
export function point(at: number, counts: Readonly<Record<string, number>>): HistoryPoint {
  return { at, counts: new Map(Object.entries(counts)) };
}

/** A chart of the half hour before 13:24 on a server of 100/97; state only what matters. */
export function connectionChart(given: Partial<ConnectionChart> = {}): ConnectionChart {
  return {
    title: 'main · connections',
    fromMs: NOON_OF_TROUBLE - 30 * 60_000,
    toMs: NOON_OF_TROUBLE,
    samples: [point(NOON_OF_TROUBLE - 60_000, { site: 12 }), point(NOON_OF_TROUBLE, { site: 64, metricity: 9 })],
    gaps: [],
    max: 100,
    usable: 97,
    ...given,
  };
}
