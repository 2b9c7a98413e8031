import { createDoorbell } from '../time/doorbell.ts';
import type { Lane } from './lane.ts';
import type { Office } from './office.ts';
import type { Fallback } from './outbox.ts';
import { awaitsPost, type Parcel } from './parcel.ts';
import { type Wait, waitLeft } from './wait.ts';

const IDLE_MS = 60_000;
const GRACE_MS = 1_000;
/** A webhook knows no nonce: what may have arrived is sent a second time, and not a third. */
const MOST_UNCERTAIN = 2;

/**
 * Sends the first state of what the bot may not post through the fallback: critical ones first, each once. They stay
 * unposted, and are still posted when the bot's own way is open again.
 */
export function startFallback(fallback: Fallback, office: Office): Lane {
  const { book, clock, log, tuning } = office;
  const news = createDoorbell(clock);
  const uncertain = new Map<string, number>();
  let wait: Wait | null = null;
  let stopped = false;

  async function keepSending(): Promise<void> {
    while (!stopped) {
      const now = clock.now();
      const left = waitLeft(wait, now);
      const waiting = [...book.parcels.values()].filter(mayFallBack);
      const due = left > 0 ? [] : waiting.filter((parcel) => deniedLeft(parcel, now) === 0);
      const next = due.find(({ lane }) => lane === 'critical') ?? due[0];
      if (next) await send(next);
      else await news.wait(Math.max(left, Math.min(IDLE_MS, ...waiting.map((parcel) => deniedLeft(parcel, now)))));
    }
  }

  /** How long until it has been refused for long enough, milliseconds. */
  function deniedLeft({ queuedAt, failingSince, aside }: Parcel, now: number): number {
    if (office.dead !== null && office.deniedSince !== null) return 0;
    // The gateway alone may be dead: what REST still posts needs no fallback.
    if (office.dead !== null) return waitLeft({ from: queuedAt, forMs: GRACE_MS }, now);
    const since = Math.min(
      office.deniedSince ?? Number.POSITIVE_INFINITY,
      (aside ? failingSince : null) ?? Number.POSITIVE_INFINITY,
    );
    if (!Number.isFinite(since)) return IDLE_MS;
    return waitLeft({ from: since, forMs: tuning.fallbackAfterMs }, now);
  }

  async function send(parcel: Parcel): Promise<void> {
    const outcome = await office
      .make(parcel, false)
      .then((message) => fallback.send(message))
      .catch((error: unknown) => ({ kind: 'refused', reason: `a fault of ours: ${String(error)}` }) as const);
    if (outcome.kind === 'uncertain') uncertain.set(parcel.id, (uncertain.get(parcel.id) ?? 0) + 1);
    if (outcome.kind === 'delivered' || (uncertain.get(parcel.id) ?? 0) >= MOST_UNCERTAIN) {
      uncertain.delete(parcel.id);
      office.record({ type: 'told', data: { id: parcel.id } });
      log.warn({ id: parcel.id, outcome: outcome.kind }, 'told through the fallback webhook');
      return;
    }
    const leastMs = outcome.kind === 'refused' ? tuning.refusedRetryMs : tuning.deniedRetryMs;
    wait = { from: clock.now(), forMs: Math.max(leastMs, outcome.kind === 'failed' ? outcome.retryAfterMs : 0) };
    const reason = 'reason' in outcome ? outcome.reason : outcome.kind;
    log.error({ id: parcel.id, reason, again: wait.forMs }, 'the fallback webhook fails too');
  }

  const running = keepSending();
  return {
    ring: () => news.ring(),
    async stop() {
      stopped = true;
      news.ring();
      await running;
    },
  };
}

/** A note tells of the past, and what is single is the record of an alert that goes this way itself: they wait for the bot's own way. */
function mayFallBack(parcel: Parcel): boolean {
  return (
    awaitsPost(parcel) &&
    parcel.kind !== 'note' &&
    !parcel.single &&
    !parcel.told &&
    !parcel.final &&
    parcel.unwritten === 0
  );
}
