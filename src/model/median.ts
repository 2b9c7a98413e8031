/** The middle one; of an even number the mean of the middle two; NaN of none. */
export function medianOf(values: readonly number[]): number {
  return quantileOf(values, 0.5);
}

/** The value that this share of the others does not exceed, between two of them where it must be; NaN of none. */
export function quantileOf(values: readonly number[], share: number): number {
  // A typed array sorts numbers as numbers, and fast; the forecast does this some sixty times for each sample.
  const sorted = new Float64Array(values).sort();
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
