import alertStorm from './alert-storm.ts';
import coldSaturation from './cold-saturation.ts';
import connectionSurge from './connection-surge.ts';
import crashRecovery from './crash-recovery.ts';
import discordOutage from './discord-outage.ts';
import flapping from './flapping.ts';
import frozenPostmaster from './frozen-postmaster.ts';
import hungPostgres from './hung-postgres.ts';
import leakyApp from './leaky-app.ts';
import oomCrash from './oom-crash.ts';
import plannedRestart from './planned-restart.ts';
import type { Scenario } from './scenario.ts';
import slowLeak from './slow-leak.ts';
import staleDeployment from './stale-deployment.ts';
import staleIdle from './stale-idle.ts';

/** In the order in which they are told, and played when all are. */
export const SCENARIOS: readonly Scenario[] = [
  connectionSurge,
  staleDeployment,
  staleIdle,
  slowLeak,
  flapping,
  coldSaturation,
  crashRecovery,
  frozenPostmaster,
  hungPostgres,
  leakyApp,
  oomCrash,
  plannedRestart,
  discordOutage,
  alertStorm,
];

export function findScenario(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}
