import type { AlertDesk } from './alerts/alert-desk.ts';
import { judgeServices } from './alerts/judge-views.ts';
import type { Rule } from './alerts/rule.ts';
import type { Config } from './config/config.ts';
import type { Clock } from './model/clock.ts';
import type { Log } from './model/log.ts';
import type { ServiceState } from './model/service-state.ts';
import { OWN_SCOPE } from './model/source-state.ts';
import { probeService } from './probes/probe-service.ts';
import { watchServices } from './probes/watch-services.ts';

/** Wires the configured web addresses: each probe is judged together with those filed under the same database. */
export function startServices(options: {
  readonly config: Config;
  readonly rules: readonly Rule[];
  readonly desk: AlertDesk;
  readonly clock: Clock;
  readonly log: Log;
}): { states(): readonly ServiceState[]; stop(): Promise<void> } {
  const { config, rules, desk, clock, log } = options;
  const watch = watchServices({ services: config.services, clock, log, probe: probeService, onState: judgeWith });

  function judgeWith({ service: { dependsOn } }: ServiceState): void {
    const now = clock.now();
    const services = watch.states().filter(({ service }) => service.dependsOn === dependsOn);
    const settings = config.databases.find(({ name }) => name === dependsOn)?.alerts ?? null;
    desk.take(judgeServices(rules, dependsOn ?? OWN_SCOPE, { services, now }, settings), now);
  }

  return watch;
}
