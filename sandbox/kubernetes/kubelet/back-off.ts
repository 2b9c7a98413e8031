const FIRST_MS = 10_000;
const LONGEST_MS = 300_000;
/** After a run of this length the next failure counts as the first again. */
const FORGIVEN_AFTER_MS = 600_000;

/** How long a kubelet waits before it starts a container again: not at all, 10 s, 20 s, 40 s… 5 min [docs: pod lifecycle]. */
export interface BackOff {
  /** After a run of so many milliseconds. */
  next(ranMs: number): number;
}

export function createBackOff(): BackOff {
  let failures = 0;
  return {
    next(ranMs) {
      failures = ranMs >= FORGIVEN_AFTER_MS ? 1 : failures + 1;
      return failures === 1 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 2));
    },
  };
}
