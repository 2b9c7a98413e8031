import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import { type Observed, seen, unseen } from '../model/observed.ts';
import type { Probe, Service, ServiceState } from '../model/service-state.ts';

export interface WatchedService extends Service {
  /** Between probes while they are good. */
  readonly everyMs: number;
  readonly timeoutMs: number;
}

export interface ServiceWatch {
  /** Each service with its newest probe, in the order of the configuration. */
  states(): readonly ServiceState[];
  stop(): Promise<void>;
}

/** While bad, and until two in a row were good: the return is news. */
const DOUBTFUL_EVERY_MS = 5_000;
const GOOD_ENOUGH = 2;
/** Twenty services are not asked in one instant. */
const SPREAD_MS = 200;

/** Probes each service on a clock of its own, one probe at a time; calls back after each. */
export function watchServices(options: {
  readonly services: readonly WatchedService[];
  readonly clock: Clock;
  readonly log: Log;
  readonly probe: (url: string, how: { readonly timeoutMs: number; readonly clock: Clock }) => Promise<Probe>;
  readonly onState: (state: ServiceState) => void;
}): ServiceWatch {
  const { services, clock, log, probe, onState } = options;
  const stopping = new AbortController();
  // A probe under way ends with its time-out at the latest: what it would say is not waited for.
  const stopped = new Promise<void>((resolve) =>
    stopping.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  const notYet = unseen('not probed yet', clock.now());
  const states = new Map<string, ServiceState>(
    services.map((service) => [service.name, { service, probe: notYet, goodInARow: 0 }]),
  );

  async function takeProbe({ url, timeoutMs, name }: WatchedService): Promise<Observed<Probe>> {
    try {
      return seen(await probe(url, { timeoutMs, clock }), clock.now());
    } catch (err) {
      // The edge of one probe: a defect in it must not end the others, nor pass for an answer.
      log.error({ err, service: name }, 'a service could not be probed');
      return unseen('an internal error; see the log', clock.now());
    }
  }

  function tell(service: WatchedService, probed: Observed<Probe>): ServiceState {
    const before = states.get(service.name)?.goodInARow ?? 0;
    const good = probed.ok && probed.value.verdict === 'good';
    const state = { service, probe: probed, goodInARow: good ? before + 1 : 0 };
    states.set(service.name, state);
    try {
      onState(state);
    } catch (err) {
      log.error({ err, service: service.name }, 'a probe could not be judged');
    }
    return state;
  }

  async function keepProbing(service: WatchedService, index: number): Promise<void> {
    await clock.sleep(index * SPREAD_MS, stopping.signal);
    while (!stopping.signal.aborted) {
      const probed = await Promise.race([takeProbe(service), stopped]);
      if (probed === undefined) return;
      const { goodInARow } = tell(service, probed);
      const restMs = goodInARow >= GOOD_ENOUGH ? service.everyMs : Math.min(service.everyMs, DOUBTFUL_EVERY_MS);
      await clock.sleep(restMs, stopping.signal);
    }
  }

  const running = Promise.all(services.map(keepProbing));
  return {
    states: () => [...states.values()],
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
