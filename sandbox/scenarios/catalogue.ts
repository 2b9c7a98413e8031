import connectionSurge from './connection-surge.ts';
import type { Scenario } from './scenario.ts';

export const SCENARIOS: readonly Scenario[] = [connectionSurge];

export function findScenario(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}
