import { parseArgs } from 'node:util';
import { findScenario, SCENARIOS } from '../scenarios/catalogue.ts';

export const USAGE = `npm run sandbox -- [--port N] [--scenario NAME]

The real bot on a Discord, a PostgreSQL and a cluster of its own, in the terminal.
  --port N          the port of the Discord server; 0 takes a free one (default 3000)
  --scenario NAME   plays a scenario at once: ${SCENARIOS.map(({ name }) => name).join(', ')}`;

export type Arguments =
  | { readonly kind: 'go'; readonly port: number; readonly scenario: string | null }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly reason: string };

/** Reads the sandbox's arguments. Pure. */
export function readArguments(args: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '3000' },
        scenario: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return { kind: 'help' };
    if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
      return { kind: 'wrong', reason: `${JSON.stringify(values.port)} is no port.` };
    }
    if (values.scenario !== undefined && findScenario(values.scenario) === undefined) {
      return { kind: 'wrong', reason: `There is no scenario ${JSON.stringify(values.scenario)}.` };
    }
    return { kind: 'go', port: Number(values.port), scenario: values.scenario ?? null };
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'wrong', reason: error.message };
    throw error;
  }
}
