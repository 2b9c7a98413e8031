/** A limit as it is configured: a number, or a share of something the rule names. */
export type Threshold =
  | { readonly kind: 'count'; readonly value: number }
  | { readonly kind: 'percent'; readonly value: number };

/** Reads `90`, `"90"` or `"90%"`; null when it is neither a number nor a percentage. */
export function parseThreshold(text: string | number): Threshold | null {
  if (typeof text === 'number') return Number.isFinite(text) && text >= 0 ? { kind: 'count', value: text } : null;
  const [, amount, sign] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? [];
  if (amount === undefined) return null;
  return { kind: sign === '%' ? 'percent' : 'count', value: Number(amount) };
}

/** The threshold in the unit of `whole`: a percentage of it, or the number as it stands. */
export function resolveThreshold(threshold: Threshold, whole: number): number {
  return threshold.kind === 'percent' ? (threshold.value * whole) / 100 : threshold.value;
}
