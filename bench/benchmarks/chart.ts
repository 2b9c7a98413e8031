import { CAST } from '../../sandbox/stage/cast.ts';
import { createHistory } from '../../src/model/history.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import type { ChartSubject } from '../../src/model/status-report.ts';
import { rasteriseSvg } from '../../src/render/chart/rasterise-svg.ts';
import { renderConnectionChart } from '../../src/render/chart/render-connection-chart.ts';
import { describeChart } from '../../src/render/connection-chart-file.ts';
import type { Benchmark } from '../benchmark.ts';
import { figureOf } from '../figure.ts';

const RUNS = 25;
const SPAN_MS = 30 * 60_000;
const SECOND_MS = 1_000;
/** When the incident of 2020-12-11 was noticed. */
const NOW = Date.UTC(2020, 11, 11, 13, 24);
const LEAK_MS = 8 * 60_000;

export default {
  name: 'chart',
  summary: 'the chart of a half hour with a leak at its end: 1,800 points, seven applications',
  async run() {
    const subject = describeSubject();
    const svgMs: number[] = [];
    const pngMs: number[] = [];
    const svgKib: number[] = [];
    const pngKib: number[] = [];
    // The first one compiles what the others use.
    for (let run = -1; run < RUNS; run += 1) {
      const begun = performance.now();
      const svg = renderConnectionChart(describeChart(subject));
      const drawn = performance.now();
      const png = await rasteriseSvg(svg);
      if (run < 0) continue;
      svgMs.push(drawn - begun);
      pngMs.push(performance.now() - drawn);
      svgKib.push(Buffer.byteLength(svg) / 1_024);
      pngKib.push(png.byteLength / 1_024);
    }
    return {
      figures: [
        figureOf({ name: 'SVG', unit: 'ms' }, svgMs),
        figureOf({ name: 'PNG from it, thread and font included', unit: 'ms' }, pngMs),
        figureOf({ name: 'SVG', unit: 'KiB' }, svgKib),
        figureOf({ name: 'PNG', unit: 'KiB' }, pngKib),
      ],
      notes: ['only the SVG is drawn on the main thread; no peer draws the same picture'],
    };
  },
} satisfies Benchmark;

function describeSubject(): ChartSubject {
  const history = createHistory({ bucketMs: SECOND_MS, spanMs: SPAN_MS });
  for (let at = NOW - SPAN_MS; at <= NOW; at += SECOND_MS) history.record(at, countsAt(at));
  const groups = [...countsAt(NOW)].map(([user, count]) => ({
    user,
    database: user,
    applicationName: user,
    address: '10.2.0.5',
    state: 'idle' as const,
    own: false,
    count,
    lockWaits: 0,
    oldestTransactionMs: null,
    longestInStateMs: null,
  }));
  const server = {
    versionNumber: 180_004,
    version: '18.4',
    capacity: { max: 100, superuserReserved: 3, reserved: 0 },
    inRecovery: false,
    startedAt: NOW - SPAN_MS,
    missingPrivileges: [],
  };
  return {
    database: 'main',
    at: NOW,
    snapshot: {
      database: 'main',
      at: NOW,
      server: seen(server, NOW),
      sessions: seen(groups, NOW),
      admission: seen({ verdict: 'admitted', inferred: false, tookMs: 4, serverSaid: null }, NOW),
      passesInARow: 1,
      signals: unseen('not read', NOW),
    },
    history,
    configured: CAST.map(({ name, limit, impact }) => ({ name, match: { user: name }, limit, impact })),
    fireAt: 90,
    forecast: { kind: 'steady' },
    focus: 'site',
    firedAt: NOW - LEAK_MS / 2,
  };
}

/** Each breathes in a rhythm of its own, and in the last minutes `site` leaks from 12 to 64. */
function countsAt(at: number): Map<string, number> {
  const leaking = Math.max(0, 1 - (NOW - at) / LEAK_MS);
  return new Map(
    CAST.map(({ name, sessions }, index) => {
      const breath = Math.sin(at / ((index + 1) * 17 * SECOND_MS)) * sessions * 0.3;
      return [name, Math.max(1, Math.round(sessions + breath + (name === 'site' ? leaking * 52 : 0)))];
    }),
  );
}
