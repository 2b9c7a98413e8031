/**
 * What one source said, and when. A source that gave no answer is `ok: false`: unknown, never healthy.
 * `at` is epoch milliseconds, UTC.
 */
export type Observed<T> =
  | { readonly ok: true; readonly value: T; readonly at: number }
  | { readonly ok: false; readonly reason: string; readonly at: number };

/** Wraps an answer. */
export function seen<T>(value: T, at: number): Observed<T> {
  return { ok: true, value, at };
}

/** Wraps the lack of one; `reason` is shown to people. */
export function unseen(reason: string, at: number): Observed<never> {
  return { ok: false, reason, at };
}
