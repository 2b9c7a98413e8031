import type { ParseArgsOptionsConfig } from 'node:util';

/** Where a command writes; process.stdout and process.stderr fit. */
export interface Output {
  write(text: string): unknown;
}

/** What a command sees of the process. Results go to `stdout`, everything else to `stderr`. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
}

export type OptionValues = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** One command of `npx --no breakwater`, one file each. */
export interface CliCommand {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** More for its own help: what it prints, an example. */
  readonly details?: string;
  /** As node:util parseArgs takes them; `--help` is everyone's. Named in the help by `optionHelp`. */
  readonly options?: ParseArgsOptionsConfig;
  /** `--json` → what it does. */
  readonly optionHelp?: Readonly<Record<string, string>>;
  /** Exit status: 0 fine, 1 the act failed or a finding, 2 bad usage or configuration (contract.md). */
  run(values: OptionValues, context: CliContext): Promise<number>;
}
