import type { CommandBody, CommandOption } from '../world/command-body.ts';
import { lengthOf, maxItems, maxLength, notEmpty, type Rule, rule } from './rule.ts';
import { select } from './select.ts';

/** Discord, "Application command naming"; lower case where there is one. */
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const SUBCOMMAND_TYPES: ReadonlySet<number> = new Set([1, 2]);
const OPTIONS = '**.options.*';
const ILLEGAL_NAME = 'String value did not match validation regex.';

/** The rows of ./rules.ts about application commands; each looks at one command. */
export const commandRules: readonly Rule[] = [
  {
    on: 'command',
    name: 'command-name',
    code: 'APPLICATION_COMMAND_INVALID_NAME',
    find: (body) => {
      const { name, type } = body as Partial<CommandBody>;
      // Commands of the context menu may have spaces and capitals.
      const illegal = (type ?? 1) === 1 && name !== undefined && isIllegal(name);
      return illegal ? [{ path: ['name'], message: ILLEGAL_NAME }] : [];
    },
  },
  rule('command', 'option-name', 'APPLICATION_COMMAND_INVALID_NAME', `${OPTIONS}.name`, ILLEGAL_NAME, ({ value }) =>
    isIllegal(String(value)),
  ),
  {
    on: 'command',
    name: 'command-description',
    code: 'BASE_TYPE_REQUIRED',
    find: (body) => {
      const { name, description, type } = body as Partial<CommandBody>;
      const missing = (type ?? 1) === 1 && name !== undefined && (description ?? '').trim() === '';
      return missing ? [{ path: ['description'], message: 'This field is required' }] : [];
    },
  },
  maxLength('command', 'command-description-length', 'description', 100),
  notEmpty('command', 'option-description', `${OPTIONS}.description`),
  maxLength('command', 'option-description-length', `${OPTIONS}.description`, 100),
  maxItems('command', 'options-count', '**.options', 25),
  maxItems('command', 'option-choices-count', `${OPTIONS}.choices`, 25),
  maxLength('command', 'option-choice-name-length', `${OPTIONS}.choices.*.name`, 100),
  notEmpty('command', 'option-choice-name-empty', `${OPTIONS}.choices.*.name`),
  maxLength('command', 'option-choice-value-length', `${OPTIONS}.choices.*.value`, 100),
  optionLists('required-after-optional', 'Required options must be placed before non-required options', (options) => {
    const plain = options.filter(({ type }) => !SUBCOMMAND_TYPES.has(type));
    const firstOptional = plain.findIndex(({ required }) => required !== true);
    return firstOptional >= 0 && plain.slice(firstOptional).some(({ required }) => required === true);
  }),
  optionLists('option-name-duplicate', 'Option names must be unique', (options) => {
    return new Set(options.map(({ name }) => name)).size < options.length;
  }),
  optionLists('subcommand-mixed', 'Sub-commands and other options cannot stand side by side', (options) => {
    const subcommands = options.filter(({ type }) => SUBCOMMAND_TYPES.has(type)).length;
    return subcommands > 0 && subcommands < options.length;
  }),
  options('autocomplete-with-choices', 'Autocomplete and choices are mutually exclusive', (option) => {
    return option.autocomplete === true && (option.choices ?? []).length > 0;
  }),
  options('autocomplete-type', 'Only strings, integers and numbers autocomplete', ({ autocomplete, type }) => {
    return autocomplete === true && ![3, 4, 10].includes(type);
  }),
  {
    on: 'command',
    name: 'command-size',
    code: 'APPLICATION_COMMAND_TOO_LARGE',
    find: (body) => {
      const parts = ['**.name', '**.description', '**.value'].flatMap((pattern) => select(body, pattern));
      const size = parts.reduce((sum, { value }) => sum + lengthOf(value), 0);
      return size > 8000 ? [{ path: [], message: 'Command exceeds maximum size (8000)' }] : [];
    },
  },
  maxItems('command-list', 'commands-count', '', 100),
  {
    on: 'command-list',
    name: 'command-name-duplicate',
    code: 'APPLICATION_COMMANDS_DUPLICATE_NAME',
    find: (body) =>
      select(body, '*.name')
        .filter(({ value }, index, all) => all.findIndex((other) => other.value === value) < index)
        .map(({ path }) => ({ path, message: 'Application command names must be unique' })),
  },
];

function isIllegal(name: string): boolean {
  return !NAME.test(name) || name !== name.toLowerCase();
}

function options(name: string, message: string, broken: (option: CommandOption) => boolean): Rule {
  return rule('command', name, 'APPLICATION_COMMAND_OPTIONS_INVALID', OPTIONS, message, ({ value }) =>
    broken(value as CommandOption),
  );
}

function optionLists(name: string, message: string, broken: (options: readonly CommandOption[]) => boolean): Rule {
  return rule('command', name, 'APPLICATION_COMMAND_OPTIONS_INVALID', '**.options', message, ({ value }) =>
    Array.isArray(value) ? broken(value as CommandOption[]) : false,
  );
}
