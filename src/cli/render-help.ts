import type { CliCommand } from './command.ts';

/** The list of commands. */
export function renderHelp(commands: readonly CliCommand[]): string {
  return [
    'Usage: breakwater <command> [options]',
    '',
    ...renderTable(commands.map(({ name, summary }) => [name, summary])),
    '',
    'breakwater <command> --help says more. The configuration is BREAKWATER_CONFIG, or ./breakwater.yaml.',
    'Exit status: 0 fine, 1 the act failed or a finding, 2 bad usage or configuration.',
    '',
  ].join('\n');
}

/** One command with its options. */
export function renderCommandHelp({ name, summary, details, optionHelp = {} }: CliCommand): string {
  const options = Object.entries(optionHelp);
  return [
    `Usage: breakwater ${name}${options.length > 0 ? ' [options]' : ''}`,
    '',
    summary,
    ...(details === undefined ? [] : ['', details]),
    ...(options.length === 0 ? [] : ['', ...renderTable(options)]),
    '',
  ].join('\n');
}

function renderTable(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
