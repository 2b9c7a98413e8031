import type { Config } from '../../config/config.ts';
import { renderFaults } from '../../config/fault.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { RuleDescription } from '../../model/rule-options.ts';
import type { CliCommand } from '../command.ts';

/** Starts the bot; `serve` resolves to the exit status when it is over. A faulty configuration is status 2. */
export function createRunCommand(
  rules: readonly RuleDescription[],
  serve: (config: Config) => Promise<number>,
): CliCommand {
  return {
    name: 'run',
    summary: 'Run the bot until it is told to stop.',
    details: 'The configuration is BREAKWATER_CONFIG, or ./breakwater.yaml.',
    async run(_values, { env, stderr }) {
      const path = env['BREAKWATER_CONFIG'] ?? './breakwater.yaml';
      const loaded = loadConfig({ path, env, rules });
      if (!loaded.ok) {
        stderr.write(renderFaults(path, loaded.faults));
        return 2;
      }
      return serve(loaded.config);
    },
  };
}
