import type { KillResult } from '../model/kill-plan.ts';
import { renderBeforeAfterChart } from './chart/before-after-chart.ts';
import { rasterise } from './chart/rasterise.ts';
import type { PaintedChart } from './connection-chart-file.ts';

/** Draws who held the connections before and after, as PNG; never throws. */
export async function paintBeforeAfter({ database, outcome, knownApplications }: KillResult): Promise<PaintedChart> {
  const { before, after, terminated } = outcome;
  if (after === null) return { ok: false, reason: 'the numbers after it are unknown' };
  try {
    const svg = renderBeforeAfterChart({
      title: `${database} · connections`,
      subtitle: `before and after: terminated ${terminated}`,
      before,
      after,
      knownApplications,
    });
    return {
      ok: true,
      file: {
        name: 'before-after.png',
        type: 'image/png',
        description: `Connections of ${database} by application: ${before.used} before, ${after.used} after`,
        data: await rasterise(svg),
      },
    };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
