import { loadCatalogue } from '../catalogue/load-catalogue.ts';
import { type ButtonHandler, type Command, type FormHandler, LEVELS } from './command.ts';

/** The commands by name (`db status`), and their groups' descriptions. */
export interface Registry {
  readonly commands: ReadonlyMap<string, Command>;
  /** `db` → the description from `commands/db/_group.ts`. */
  readonly groups: ReadonlyMap<string, string>;
}

const NAME = /^[a-z][a-z0-9-]{0,31}(\/[a-z][a-z0-9-]{0,31})?$/;

/** Loads and checks `commands/`. Throws one Error naming every faulty file: a command that is silently missing is found out at 3 am. */
export async function loadRegistry(directory: URL): Promise<Registry> {
  const entries = await loadCatalogue<Command>(directory, findCommandFault);
  const commands = new Map(entries.map(({ name, value }) => [name.replace('/', ' '), value]));
  const groups = new Map<string, string>();
  for (const name of commands.keys()) {
    const [group, rest] = name.split(' ');
    if (group === undefined || rest === undefined || groups.has(group)) continue;
    groups.set(group, await readGroup(directory, group));
  }
  return { commands, groups };
}

async function readGroup(directory: URL, group: string): Promise<string> {
  const file = new URL(`${group}/_group.ts`, directory);
  const module = (await import(file.href)) as { readonly description?: unknown };
  if (!isDescription(module.description)) throw new Error(`${file.pathname}: exports no usable description`);
  return module.description;
}

function findCommandFault(value: unknown, name: string): string | null {
  if (!NAME.test(name)) return 'its path is not a command name: lower case, at most two parts';
  if (typeof value !== 'object' || value === null) return 'has no default export';
  const command = value as Partial<Command>;
  if (!isDescription(command.description)) return 'its description must have 1 to 100 characters';
  if (!LEVELS.includes(command.access as never)) return `its access must be one of ${LEVELS.join(', ')}`;
  if (command.answer !== 'private' && command.answer !== 'public-in-alert-channel') return 'does not say who sees it';
  if (typeof command.run !== 'function') return 'has no run()';
  for (const option of command.options ?? []) {
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(option.name)) return `option ${JSON.stringify(option.name)} is no option name`;
    if (!isDescription(option.description)) return `option ${option.name} has no usable description`;
    if (option.autocomplete && option.choices) return `option ${option.name} has choices and completes them too`;
    if (!areChoices(option.choices)) return `option ${option.name} has no usable choices`;
  }
  if (command.ask && !command.forms) return 'asks in a form, and takes none';
  const actions = [...Object.keys(command.buttons ?? {}), ...Object.keys(command.forms ?? {})];
  // Its custom id is split at the colons.
  const unroutable = actions.find((action) => !/^[a-z][a-z0-9-]{0,31}$/.test(action));
  if (unroutable !== undefined) return `${JSON.stringify(unroutable)} is no name for a button's or a form's action`;
  for (const [action, handler] of Object.entries(command.buttons ?? {}) as [string, Partial<ButtonHandler>][]) {
    if (!LEVELS.includes(handler.access as never)) return `button ${action} has no access level`;
    const act = handler.answer === 'form' ? handler.ask : Reflect.get(handler, 'run');
    if (typeof act !== 'function') return `button ${action} does nothing`;
  }
  for (const [action, handler] of Object.entries(command.forms ?? {}) as [string, Partial<FormHandler>][]) {
    if (!LEVELS.includes(handler.access as never)) return `form ${action} has no access level`;
    if (typeof handler.run !== 'function') return `form ${action} has no run()`;
  }
  return null;
}

function isDescription(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= 100;
}

/** facts.md, Discord 7. */
function areChoices(choices: readonly string[] | undefined): boolean {
  if (choices === undefined) return true;
  const unique = new Set(choices).size === choices.length;
  return unique && choices.length >= 1 && choices.length <= 25 && choices.every(isDescription);
}
