import { parseArgs } from 'node:util';
import { findClosest } from '../model/did-you-mean.ts';
import type { CliCommand, CliContext, OptionValues } from './command.ts';
import { renderCommandHelp, renderHelp } from './render-help.ts';

export interface CliOptions extends CliContext {
  /** Without node and the script: `['config-schema']`. */
  readonly argv: readonly string[];
  readonly commands: readonly CliCommand[];
}

/** Runs one command of the table and resolves to the exit status; never rejects. Bad usage is 2, an unexpected error 1. */
export async function runCli({ argv, commands, env, stdout, stderr }: CliOptions): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined) {
    stderr.write(renderHelp(commands));
    return 2;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    const topic = commands.find((command) => command.name === rest[0]);
    stdout.write(topic === undefined ? renderHelp(commands) : renderCommandHelp(topic));
    return 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    stderr.write(describeUnknown(name, commands));
    return 2;
  }
  const options = readOptions(command, rest);
  if (!options.ok) {
    stderr.write(`breakwater ${command.name}: ${options.fault}\nSee breakwater ${command.name} --help\n`);
    return 2;
  }
  if (options.values['help'] === true) {
    stdout.write(renderCommandHelp(command));
    return 0;
  }
  try {
    return await command.run(options.values, { env, stdout, stderr });
  } catch (error) {
    stderr.write(`breakwater ${command.name} failed: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

type ReadOptions =
  | { readonly ok: true; readonly values: OptionValues }
  | { readonly ok: false; readonly fault: string };

function readOptions(command: CliCommand, args: readonly string[]): ReadOptions {
  const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const;
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
    return { ok: true, values };
  } catch (error) {
    // parseArgs says in a sentence what it does not know; anything else is ours.
    if (error instanceof TypeError) return { ok: false, fault: error.message };
    throw error;
  }
}

function describeUnknown(name: string, commands: readonly CliCommand[]): string {
  const names = commands.map((command) => command.name);
  const closest = findClosest(name, names);
  const advice = closest === null ? `The commands are ${names.join(', ')}.` : `Did you mean ${closest}?`;
  return `breakwater has no command ${JSON.stringify(name)}. ${advice}\nSee breakwater --help\n`;
}
