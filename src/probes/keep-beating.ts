import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import { createDoorbell } from '../time/doorbell.ts';
import type { ProbeService } from './probe-service.ts';

/** Whether the bot does what it is there for; the reasons are for people. */
export type Wellness = { readonly ok: true } | { readonly ok: false; readonly reasons: readonly string[] };

export interface Heartbeat {
  /** Calls off what is under way. The other side hears of the end by the silence. */
  stop(): Promise<void>;
}

const TIMEOUT_MS = 5_000;
/**
 * After a beat that was held back or lost: the next must not come as late as a whole interval, nor so often that the
 * other side limits it (healthchecks.io: five a minute).
 */
const AGAIN_MS = 15_000;

/**
 * The dead-man's switch: calls `url` by GET every `everyMs` **while all is well, and not while it is not**, so that whoever
 * waits for it raises the alarm when the bot is dead, cut off, or alive and of no use. "Well" is the caller's to say: connected
 * to Discord, what was to be delivered delivered, the journal writable. An answer other than 2xx is a lost beat. Never throws.
 */
export function keepBeating(options: {
  /** May carry a secret in its path: only its host is ever logged. */
  readonly url: string;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly isWell: () => Wellness;
  readonly request: ProbeService;
}): Heartbeat {
  const { url, everyMs, clock, log, isWell, request } = options;
  const { host } = new URL(url);
  const stopping = new AbortController();
  const { signal } = stopping;
  const bell = createDoorbell(clock);
  let before: Beat['kind'] | null = null;

  async function beat(): Promise<Beat> {
    const wellness = isWell();
    if (!wellness.ok) return { kind: 'held back', reasons: wellness.reasons };
    const { status, fact } = await request(url, { timeoutMs: TIMEOUT_MS, clock, signal });
    return status !== null && status >= 200 && status < 300 ? { kind: 'taken' } : { kind: 'lost', fact };
  }

  /** Once for each change: the next line of the same kind would say nothing new. */
  function say(now: Beat): void {
    if (now.kind === before) return;
    before = now.kind;
    if (now.kind === 'taken') log.info({ host }, 'the heartbeat is taken');
    else if (now.kind === 'lost') log.warn({ host, fact: now.fact }, 'the heartbeat is not taken');
    else if (now.kind === 'held back') log.warn({ host, reasons: now.reasons }, 'no heartbeat: not all is well');
    else log.error({ host, err: now.err }, 'no heartbeat: whether all is well cannot be told');
  }

  async function keep(): Promise<void> {
    while (!signal.aborted) {
      const begun = clock.now();
      // Silence is what a defect of ours must lead to as well.
      const now = await beat().catch((err: unknown): Beat => ({ kind: 'defect', err }));
      if (signal.aborted) return;
      say(now);
      const spentMs = Math.max(0, clock.now() - begun);
      await bell.wait(Math.max(0, (now.kind === 'taken' ? everyMs : Math.min(AGAIN_MS, everyMs)) - spentMs));
    }
  }

  const running = keep();
  return {
    async stop() {
      stopping.abort();
      bell.ring();
      await running;
    },
  };
}

type Beat =
  | { readonly kind: 'taken' }
  | { readonly kind: 'lost'; readonly fact: string }
  | { readonly kind: 'held back'; readonly reasons: readonly string[] }
  | { readonly kind: 'defect'; readonly err: unknown };
