import type { Clock } from '../model/clock.ts';

const FIRST_MS = 1_000;
const MOST_MS = 30_000;

/** Acts again until it is done or refused, through any outage; null when the signal ended it. */
export async function insist<T extends { readonly kind: string }>(
  act: () => Promise<T>,
  options: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly onFailed?: (reason: string, againMs: number) => void;
  },
): Promise<Exclude<T, { readonly kind: 'failed' }> | null> {
  const { clock, signal, onFailed } = options;
  for (let tried = 0; !signal.aborted; tried += 1) {
    const outcome = await act();
    if (!isFailed(outcome)) return outcome as Exclude<T, { readonly kind: 'failed' }>;
    const againMs = Math.max(Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(20, tried)), outcome.retryAfterMs ?? 0);
    onFailed?.(outcome.reason, againMs);
    await clock.sleep(againMs, signal);
  }
  return null;
}

function isFailed(outcome: { readonly kind: string }): outcome is {
  readonly kind: 'failed';
  readonly reason: string;
  readonly retryAfterMs?: number;
} {
  return outcome.kind === 'failed';
}
