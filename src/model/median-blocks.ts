import type { TotalPoint } from './forecast.ts';
import { medianOf } from './median.ts';

/**
 * The `count` blocks of `blockMs` that end at `untilMs`, oldest first: of each the median total and the median time, or
 * null where nothing was counted. A spike of less than half a block is gone. `points` oldest first.
 */
export function medianBlocks(
  points: readonly TotalPoint[],
  untilMs: number,
  blockMs: number,
  count: number,
): readonly (TotalPoint | null)[] {
  const blocks: (TotalPoint | null)[] = [];
  let end = points.length;
  while (end > 0 && (points[end - 1]?.at ?? 0) > untilMs) end -= 1;
  for (let index = 0; index < count; index += 1) {
    const after = untilMs - (index + 1) * blockMs;
    let start = end;
    while (start > 0 && (points[start - 1]?.at ?? 0) > after) start -= 1;
    blocks.push(medianPoint(points.slice(start, end)));
    end = start;
  }
  return blocks.toReversed();
}

function medianPoint(points: readonly TotalPoint[]): TotalPoint | null {
  const [lower, upper] = [points[(points.length - 1) >> 1], points[points.length >> 1]];
  if (lower === undefined || upper === undefined) return null;
  return { at: (lower.at + upper.at) / 2, total: medianOf(points.map(({ total }) => total)) };
}
