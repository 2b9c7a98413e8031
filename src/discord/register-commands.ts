import { isDeepStrictEqual } from 'node:util';
import { type REST } from '@discordjs/rest';
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody as CommandBody,
  PermissionFlagsBits,
  Routes,
} from 'discord-api-types/v10';
import type { Command, CommandOption } from './command.ts';
import type { Registry } from './registry.ts';

/**
 * Hides the commands from ordinary members; an administrator can show them to more roles under Server Settings →
 * Integrations. Who may really act is decided by the bot, at each click (facts.md, Discord 8).
 */
const SHOWN_TO = String(PermissionFlagsBits.ManageMessages);

/** The guild's commands as Discord wants them: one top-level command per group, its files as subcommands. Pure. */
export function describeCommands({ commands, groups }: Registry): readonly CommandBody[] {
  const grouped = Map.groupBy(commands, ([name]) => name.split(' ')[0] ?? name);
  return [...grouped].map(([top, members]): CommandBody => {
    const alone = groups.has(top) ? undefined : members[0]?.[1];
    return {
      name: top,
      type: ApplicationCommandType.ChatInput,
      description: alone?.description ?? groups.get(top) ?? top,
      default_member_permissions: SHOWN_TO,
      options: alone
        ? describeOptions(alone)
        : members.map(([name, command]) => ({
            type: ApplicationCommandOptionType.Subcommand,
            name: name.slice(top.length + 1),
            description: command.description,
            options: describeOptions(command),
          })),
    };
  });
}

/** Registers in the one guild, and only when something differs; returns whether it did. Throws what REST throws. */
export async function registerCommands(
  rest: REST,
  ids: { readonly applicationId: string; readonly guildId: string },
  wanted: readonly CommandBody[],
  signal: AbortSignal,
): Promise<boolean> {
  const route = Routes.applicationGuildCommands(ids.applicationId, ids.guildId);
  const present = (await rest.get(route, { signal })) as readonly CommandBody[];
  if (isDeepStrictEqual(byName(present), byName(wanted))) return false;
  await rest.put(route, { body: wanted, signal });
  return true;
}

function describeOptions(command: Command) {
  // Discord refuses a required option after an optional one.
  const inOrder = (command.options ?? []).toSorted((a, b) => Number(b.required ?? false) - Number(a.required ?? false));
  return inOrder.map((option) => describeOption(option));
}

function describeOption(option: CommandOption) {
  const { name, description, required = false, choices } = option;
  const base = { type: ApplicationCommandOptionType.String as const, name, description, required };
  if (choices) return { ...base, choices: choices.map((value) => ({ name: value, value })) };
  return option.autocomplete ? { ...base, autocomplete: true as const } : base;
}

/** Reduces both sides to what we set: Discord adds ids, versions and defaults of its own. */
function byName(commands: readonly CommandBody[]): unknown {
  return commands
    .map(({ name, description, default_member_permissions, options }) => ({
      name,
      description,
      shownTo: default_member_permissions ?? null,
      options: (options ?? []).map(normaliseOption),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

type OptionBody = NonNullable<CommandBody['options']>[number];

function normaliseOption(option: OptionBody): unknown {
  return {
    type: option.type,
    name: option.name,
    description: option.description,
    required: option.required ?? false,
    autocomplete: 'autocomplete' in option && option.autocomplete,
    choices: 'choices' in option ? (option.choices ?? []).map(({ name, value }) => ({ name, value })) : [],
    options: 'options' in option ? (option.options ?? []).map(normaliseOption) : [],
  };
}
