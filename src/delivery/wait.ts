/** A time to wait out. It ends early when the clock is set back behind its beginning, so that nothing waits for an hour's jump. */
export interface Wait {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly forMs: number;
}

/** What is left, milliseconds; 0 when it is over, or was never begun. */
export function waitLeft(wait: Wait | null, now: number): number {
  if (wait === null || isSetBack(wait.from, now)) return 0;
  return Math.max(0, wait.from + wait.forMs - now);
}

/** The one of two that ends later; `b`, the newer one, when the clock was set back between them. */
export function laterWait(a: Wait | null, b: Wait): Wait {
  return a !== null && !isSetBack(a.from, b.from) && a.from + a.forMs > b.from + b.forMs ? a : b;
}

/** Whether `at` is less than `ms` ago. False for a time in the future: the clock was set back, and nobody knows. */
export function isWithin(at: number, ms: number, now: number): boolean {
  return !isSetBack(at, now) && now - at < ms;
}

/** Clocks of virtual machines step back by some milliseconds all the time: that ends no wait. */
const STEP_MS = 1_000;

/** Whether the clock was set back since `at`: the difference of the two says nothing then. */
export function isSetBack(at: number, now: number): boolean {
  return now < at - STEP_MS;
}

/** How long until another of `most` per `perMs` may begin, milliseconds; `begun` is when the last ones did, oldest first. */
export function budgetLeft(begun: readonly number[], most: number, perMs: number, now: number): number {
  const recent = begun.filter((at) => isWithin(at, perMs, now));
  const oldest = recent.at(-most);
  return oldest === undefined ? 0 : oldest + perMs - now;
}
