import { configJsonSchema } from '../../config/json-schema.ts';
import type { RuleDescription } from '../../model/rule-options.ts';
import type { CliCommand } from '../command.ts';

/** Prints the configuration's JSON Schema; needs no configuration and no secrets. */
export function createConfigSchemaCommand(rules: readonly RuleDescription[]): CliCommand {
  return {
    name: 'config-schema',
    summary: 'Print the JSON Schema of breakwater.yaml, for editors.',
    details: [
      '  breakwater config-schema > breakwater.schema.json',
      '',
      'and as the first line of breakwater.yaml:',
      '',
      '  # yaml-language-server: $schema=./breakwater.schema.json',
    ].join('\n'),
    async run(_values, { stdout }) {
      stdout.write(`${JSON.stringify(configJsonSchema(rules), null, 2)}\n`);
      return 0;
    },
  };
}
