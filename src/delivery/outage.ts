/** Since when nothing that is sent arrives. */
export interface Outage {
  failed(reason: string, now: number): void;
  /** Something arrived: says which outage that ends, if any. */
  delivered(now: number): { readonly from: number; readonly to: number } | null;
  /** Epoch milliseconds; null while what is sent arrives. */
  readonly since: number | null;
  readonly reason: string | null;
  readonly lastDeliveredAt: number | null;
}

export function createOutage(): Outage {
  let begun: { readonly at: number; readonly reason: string } | null = null;
  let lastDeliveredAt: number | null = null;
  return {
    failed(reason, now) {
      begun = { at: Math.min(begun?.at ?? now, now), reason };
    },
    delivered(now) {
      const ended = begun && { from: begun.at, to: now };
      begun = null;
      lastDeliveredAt = now;
      return ended;
    },
    get since() {
      return begun?.at ?? null;
    },
    get reason() {
      return begun?.reason ?? null;
    },
    get lastDeliveredAt() {
      return lastDeliveredAt;
    },
  };
}
