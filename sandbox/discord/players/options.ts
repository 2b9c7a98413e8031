import type { CommandOption } from '../world/command-body.ts';
import type { Command } from '../world/commands.ts';

export type OptionValue = string | number | boolean;

/** An option as it stands in an interaction. */
export interface FilledOption {
  readonly name: string;
  readonly type: number;
  readonly value?: OptionValue;
  readonly focused?: true;
  readonly options?: readonly FilledOption[];
}

interface Filling {
  /** Being completed: nothing is required yet, nothing is checked against its choices. */
  readonly focused?: string;
}

/**
 * Fills a command in as Discord's client does: `line` is the whole name, as in `db status`. Throws what the client
 * would not let one send: an unknown or missing option, a value of another type, one that is not among the choices.
 */
export function fillCommand(
  command: Command,
  line: string,
  given: Readonly<Record<string, OptionValue>>,
  { focused }: Filling = {},
): FilledOption[] {
  const [, ...steps] = line.trim().split(/\s+/);
  return fill(command.options ?? [], steps);

  function fill(options: readonly CommandOption[], [step, ...rest]: readonly string[]): FilledOption[] {
    if (step !== undefined) {
      const option = options.find(({ name, type }) => name === step && (type === 1 || type === 2));
      if (option === undefined) throw new Error(`/${line}: there is no subcommand ${step}`);
      return [{ name: step, type: option.type, options: fill(option.options ?? [], rest) }];
    }
    const subcommands = options.filter(({ type }) => type === 1 || type === 2).map(({ name }) => name);
    if (subcommands.length > 0) throw new Error(`/${line}: choose one of ${subcommands.join(', ')}`);
    const unknown = Object.keys(given).find((name) => !options.some((option) => option.name === name));
    if (unknown !== undefined) throw new Error(`/${line}: there is no option ${unknown}`);
    const missing = options.find(({ name, required }) => required === true && given[name] === undefined);
    if (missing !== undefined && focused === undefined) throw new Error(`/${line}: ${missing.name} is required`);
    return options.flatMap((option): FilledOption[] => {
      const value = given[option.name];
      if (value === undefined) return [];
      if (option.name === focused) return [{ name: option.name, type: option.type, value, focused: true }];
      return [{ name: option.name, type: option.type, value: checkedValue(line, option, value) }];
    });
  }
}

function checkedValue(line: string, option: CommandOption, value: OptionValue): OptionValue {
  const refuse = (why: string): never => {
    throw new Error(`/${line}: ${option.name} ${why}, not ${JSON.stringify(value)}`);
  };
  const wanted = TYPES[option.type];
  if (wanted === undefined) return refuse('is of a kind that the sandbox cannot fill in');
  const typed = typeof value === 'string' ? fromText(wanted, value) : value;
  if (typeof typed !== wanted) return refuse(`wants a ${wanted}`);
  if (option.type === 4 && !Number.isInteger(typed)) return refuse('wants a whole number');
  if ((option.choices ?? []).length > 0) {
    const choice = option.choices?.find((one) => one.value === typed || one.name === typed);
    return choice?.value ?? refuse(`is one of ${option.choices?.map(({ name }) => name).join(', ')}`);
  }
  const size = typeof typed === 'string' ? typed.length : Number(typed);
  const [min, max] =
    typeof typed === 'string' ? [option.min_length, option.max_length ?? 6000] : [option.min_value, option.max_value];
  if (size < (min ?? Number.NEGATIVE_INFINITY) || size > (max ?? Number.POSITIVE_INFINITY)) {
    return refuse(`lies between ${min} and ${max}`);
  }
  return typed;
}

const TYPES: Readonly<Record<number, 'string' | 'number' | 'boolean'>> = {
  3: 'string',
  4: 'number',
  5: 'boolean',
  6: 'string',
  7: 'string',
  8: 'string',
  9: 'string',
  10: 'number',
};

/** What was typed into the terminal or the page, as the option's type. */
function fromText(wanted: string, text: string): OptionValue {
  if (wanted === 'number' && text.trim() !== '' && !Number.isNaN(Number(text))) return Number(text);
  if (wanted === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return text;
}
