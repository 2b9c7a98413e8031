/** Below this share of the nearest threshold the sampling is calm; from the second on it is fast. */
const CALM_BELOW = 0.5;
const FAST_FROM = 0.75;
/** A source that does not answer is asked again soon: its return, or what it hides, is news. */
const BLIND_MS = 1_000;

/**
 * The time to the next sample, milliseconds: calm far from every threshold, fast near one, geometric in between.
 * Pure. `closeness` is the largest value ÷ threshold of all rules; null while the source does not answer.
 */
export function decideSamplingInterval(
  closeness: number | null,
  sampling: { readonly calmMs: number; readonly fastMs: number },
): number {
  const { calmMs, fastMs } = sampling;
  if (closeness === null) return Math.min(calmMs, BLIND_MS);
  if (closeness <= CALM_BELOW) return calmMs;
  if (closeness >= FAST_FROM) return fastMs;
  const share = (closeness - CALM_BELOW) / (FAST_FROM - CALM_BELOW);
  return Math.round(calmMs * (fastMs / calmMs) ** share);
}
