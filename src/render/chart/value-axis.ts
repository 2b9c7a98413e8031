/** Round whole numbers from 0 up to `top`, at most `most` of them: steps of 1, 2 or 5 times a power of ten, or 25. */
export function valueTicks(top: number, most: number): readonly number[] {
  const step = roundStep(top / (most - 1));
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step);
}

function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  const candidates = [1, 2, 2.5, 5, 10].map((factor) => factor * power).filter(Number.isInteger);
  return candidates.find((candidate) => candidate >= least) ?? 10 * power;
}
