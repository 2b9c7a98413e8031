/** How finely and for how long: one sample per `bucketMs`, for `spanMs`. */
export interface HistoryTier {
  readonly bucketMs: number;
  readonly spanMs: number;
}

/** One sample as it is kept; the tiers share it. */
export interface Slot {
  readonly at: number;
  readonly total: number;
  /** Shared with the neighbouring slots while the same applications are connected. */
  readonly names: readonly string[];
  /** In the order of the names; null when the source was blind. */
  readonly counts: readonly number[] | null;
}

/** One ring of slots: spanMs / bucketMs + 1 of them, whatever happens. */
export interface Ring {
  /** Of each bucket the highest total stays; a blind sample stays only where nothing was counted. */
  keep(slot: Slot): void;
  /** What is kept with fromMs ≤ at ≤ toMs, oldest first. */
  between(fromMs: number, toMs: number): readonly Slot[];
}

export function createRing({ bucketMs, spanMs }: HistoryTier): Ring {
  const slots: (Slot | undefined)[] = Array.from({ length: Math.ceil(spanMs / bucketMs) + 1 });
  const bucketOf = (at: number) => Math.floor(at / bucketMs);
  const indexOf = (bucket: number) => ((bucket % slots.length) + slots.length) % slots.length;

  return {
    keep(slot) {
      const bucket = bucketOf(slot.at);
      const index = indexOf(bucket);
      const held = slots[index];
      // A slot of another lap always gives way: should the clock have jumped ahead and back, nothing is stuck.
      if (held && bucketOf(held.at) === bucket && outdoes(held, slot)) return;
      slots[index] = slot;
    },
    between(fromMs, toMs) {
      const [first, last] = [bucketOf(fromMs), bucketOf(toMs)];
      const isWithin = (slot: Slot | undefined): slot is Slot =>
        slot !== undefined && slot.at >= fromMs && slot.at <= toMs;
      // A stretch shorter than a lap lies in order already, and is a small part of the ring.
      if (last - first < slots.length) {
        const found: Slot[] = [];
        for (let bucket = first; bucket <= last; bucket += 1) {
          const slot = slots[indexOf(bucket)];
          if (isWithin(slot)) found.push(slot);
        }
        return found;
      }
      return slots.filter(isWithin).sort((a, b) => a.at - b.at);
    },
  };
}

/** Equal totals: the later sample, which says more about now. */
function outdoes(held: Slot, slot: Slot): boolean {
  if (slot.counts === null) return true;
  return held.counts !== null && (held.total > slot.total || (held.total === slot.total && held.at > slot.at));
}
