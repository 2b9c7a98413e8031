import type { Config } from '../../config/config.ts';
import type { RuleDescription } from '../../model/rule-options.ts';
import type { CliCommand } from '../command.ts';
import { loadFor } from '../load-for.ts';

/** Starts the bot; `serve` resolves to the exit status when it is over. A faulty configuration is status 2. */
export function createRunCommand(
  rules: readonly RuleDescription[],
  serve: (config: Config) => Promise<number>,
): CliCommand {
  return {
    name: 'run',
    summary: 'Run the bot until it is told to stop.',
    details: 'The configuration is BREAKWATER_CONFIG, or ./breakwater.yaml.',
    async run(_values, context) {
      const config = loadFor(context, { rules });
      return config === null ? 2 : serve(config);
    },
  };
}
