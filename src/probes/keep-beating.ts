import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';

/** Whether all is well, or what is not. */
export type Wellness = { readonly ok: true } | { readonly ok: false; readonly reasons: readonly string[] };

const WITHIN_MS = 5_000;

/**
 * The outward heartbeat (product.md §10): calls a dead-man's switch elsewhere while all is well, and does not while it is
 * not, so that somebody else notices. Never throws. The address may hold a token: only its host is ever logged.
 */
export function keepBeating(options: {
  readonly url: string;
  readonly everyMs: number;
  readonly isWell: () => Wellness;
  readonly clock: Clock;
  readonly log: Log;
  /** The process's own fetch, or a stand-in. */
  readonly request?: typeof fetch;
}): { stop(): Promise<void> } {
  const { url, everyMs, isWell, clock, log, request = fetch } = options;
  const { host } = new URL(url);
  const stopping = new AbortController();
  let before = '';

  async function beat(): Promise<string> {
    const wellness = isWell();
    if (!wellness.ok) return `held back: ${wellness.reasons.join('; ')}`;
    try {
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(WITHIN_MS)]);
      const response = await request(url, { signal, redirect: 'manual' });
      await response.body?.cancel();
      return response.status < 400 ? 'taken' : `refused with ${response.status}`;
    } catch (error) {
      return `not taken: ${error instanceof Error ? describe(error) : 'no answer'}`;
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const outcome = await beat();
      if (stopping.signal.aborted) return;
      if (outcome !== before) {
        if (outcome === 'taken') log.info({ host }, 'the heartbeat is taken');
        else log.warn({ host, outcome }, 'the heartbeat does not arrive');
      }
      before = outcome;
      await clock.sleep(everyMs, stopping.signal);
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** The code or the name: a message could quote the address. */
function describe(error: Error): string {
  const { cause } = error as { readonly cause?: unknown };
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : error.name;
}
