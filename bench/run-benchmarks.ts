import { formatDuration } from '../src/model/duration.ts';
import type { Benchmark, Measured } from './benchmark.ts';

export type Outcome = { readonly name: string; readonly summary: string; readonly tookMs: number } & (
  | { readonly ok: true; readonly measured: Measured }
  | { readonly ok: false; readonly reason: string }
);

/**
 * Runs one benchmark after the other, each with a scope of its own that is undone before the next begins; one that
 * cannot measure does not keep the others from it. Stops at the signal, with everything undone.
 */
export async function* runBenchmarks(
  benchmarks: readonly Benchmark[],
  options: { readonly soakMs: number; readonly signal: AbortSignal; readonly progress: (text: string) => void },
): AsyncGenerator<Outcome> {
  for (const { name, summary, run } of benchmarks) {
    if (options.signal.aborted) return;
    const begun = performance.now();
    const progress = (text: string) => options.progress(`${name}: ${text}`);
    progress('begins');
    const scope = new AsyncDisposableStack();
    let result: { readonly ok: true; readonly measured: Measured } | { readonly ok: false; readonly reason: string };
    try {
      const measured = await Promise.race([
        run({ scope, soakMs: options.soakMs, progress }),
        rejectAtAbort(options.signal),
      ]);
      result = { ok: true, measured };
    } catch (error) {
      result = { ok: false, reason: error instanceof Error ? error.message : String(error) };
    } finally {
      await scope.disposeAsync();
    }
    if (options.signal.aborted) return;
    const tookMs = performance.now() - begun;
    progress(`ends after ${formatDuration(tookMs)}`);
    yield { name, summary, tookMs, ...result };
  }
}

function rejectAtAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('broken off')), { once: true });
  });
}
