import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import { seen, unseen } from '../model/observed.ts';
import type { Service, ServiceState } from '../model/service-state.ts';
import { createDoorbell } from '../time/doorbell.ts';
import type { ProbeService } from './probe-service.ts';

export interface WatchedService extends Service {
  /** While it is good, from one start to the next. */
  readonly everyMs: number;
  readonly timeoutMs: number;
}

export interface ServiceWatch {
  /** As configured, in that order; before the first probe each says so. */
  states(): readonly ServiceState[];
  /** Calls off what is under way; nothing is called back after it. */
  stop(): Promise<void>;
}

/** While bad, or good only once: the news of a recovery should not wait for the calm interval. */
const SOON_MS = 5_000;
/** So many good ones in a row are a recovery (product.md §4, `service-down`). */
const CONFIRMED_AT = 2;
/** Between the first probes of two services, so that twenty do not start in one instant; less where they are many. */
const APART_MS = 100;

/** Probes each service on a clock of its own, one probe at a time, the first ones at once. */
export function watchServices(options: {
  readonly services: readonly WatchedService[];
  readonly clock: Clock;
  readonly log: Log;
  readonly probe: ProbeService;
  /** Called after each probe. */
  readonly onState: (state: ServiceState) => void;
}): ServiceWatch {
  const { services, clock, log, probe, onState } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const apartMs = Math.min(APART_MS, SOON_MS / services.length);
  const watches = services.map((service, index) => startOne(service, Math.floor(index * apartMs)));

  function startOne(service: WatchedService, afterMs: number) {
    const { name, url, everyMs, timeoutMs } = service;
    const bell = createDoorbell(clock);
    let state: ServiceState = { service, probe: unseen('not probed yet', clock.now()), goodInARow: 0 };

    async function look(): Promise<void> {
      try {
        const found = await probe(url, { timeoutMs, clock, signal });
        if (signal.aborted) return;
        const goodInARow = found.verdict === 'good' ? state.goodInARow + 1 : 0;
        state = { service, probe: seen(found, clock.now()), goodInARow };
        onState(state);
      } catch (err) {
        // The edge of this watch: a defect with one service must not end the watch of the others, nor its own.
        log.error({ err, service: name }, 'a service could not be probed or judged; its alerts stand still');
        state = { service, probe: unseen('a defect of the bot: see its log', clock.now()), goodInARow: 0 };
      }
    }

    async function keepLooking(): Promise<void> {
      if (afterMs > 0) await bell.wait(afterMs);
      while (!signal.aborted) {
        const begun = clock.now();
        await look();
        // A clock that was set back must not make it a long wait.
        const spentMs = Math.max(0, clock.now() - begun);
        const intervalMs = state.goodInARow < CONFIRMED_AT ? Math.min(SOON_MS, everyMs) : everyMs;
        await bell.wait(Math.max(0, intervalMs - spentMs));
      }
    }

    return { state: () => state, ring: () => bell.ring(), running: keepLooking() };
  }

  return {
    states: () => watches.map(({ state }) => state()),
    async stop() {
      stopping.abort();
      for (const { ring } of watches) ring();
      await Promise.all(watches.map(({ running }) => running));
    },
  };
}
