/** What a series of measurements comes to. Units are the caller's. */
export interface Spread {
  readonly n: number;
  readonly median: number;
  readonly p99: number;
  readonly min: number;
  readonly max: number;
}

/** Throws RangeError for no values at all: what was not measured has no median. */
export function summarise(values: readonly number[]): Spread {
  return {
    n: values.length,
    median: median(values),
    p99: percentile(values, 99),
    min: percentile(values, 0),
    max: percentile(values, 100),
  };
}

/** The middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = sortMeasured(values);
  const half = sorted.length / 2;
  return (at(sorted, Math.ceil(half) - 1) + at(sorted, Math.floor(half))) / 2;
}

/** Nearest rank: always one of the values, so that the p99 of fewer than 100 is their maximum. `percent` from 0 to 100. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = sortMeasured(values);
  return at(sorted, Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1));
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The slope of the least-squares line, in y per x. Throws RangeError when all points have the same x. */
export function slope(points: readonly Point[]): number {
  const centre = { x: mean(points.map(({ x }) => x)), y: mean(points.map(({ y }) => y)) };
  let [products, squares] = [0, 0];
  for (const { x, y } of points) {
    products += (x - centre.x) * (y - centre.y);
    squares += (x - centre.x) ** 2;
  }
  if (!(squares > 0)) throw new RangeError('a slope needs points at different times');
  return products / squares;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sortMeasured(values: readonly number[]): number[] {
  if (values.length === 0) throw new RangeError('nothing was measured');
  if (!values.every(Number.isFinite)) throw new RangeError('a measurement is not a number');
  return [...values].sort((a, b) => a - b);
}

function at(sorted: readonly number[], index: number): number {
  const value = sorted[index];
  if (value === undefined) throw new RangeError(`there is no value ${index} of ${sorted.length}`);
  return value;
}
