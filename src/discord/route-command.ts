import { decideAccess } from './access.ts';
import { answerWith, askFirst } from './answer.ts';
import type { Command, CommandSummary } from './command.ts';
import { readInvocation } from './interaction.ts';
import type { Responder } from './responder.ts';
import { admit, type Person, type Routing, visibilityOf } from './routing.ts';

type CommandData = Parameters<typeof readInvocation>[0];

/** Runs a slash command: in a form first, where it asks in one. */
export async function routeCommand(
  routing: Routing,
  data: CommandData,
  person: Person,
  respond: Responder,
): Promise<void> {
  const { registry, operations } = routing;
  const { command: what, options } = readInvocation(data);
  const command = registry.commands.get(what);
  if (!command) {
    await respond.refuse('This command is not known here any more; Discord may show an old list for a moment.');
    return;
  }
  const asker = await admit(routing, command, person, command.access, respond);
  if (asker === null) return;
  const wrong = findWrongChoice(command, options);
  if (wrong !== null) {
    await respond.refuse(wrong);
    return;
  }
  const call = { ...asker, options, catalogue: listCatalogue(routing) };
  if (await askFirst(routing, respond, what, () => command.ask?.(call, operations) ?? null)) return;
  await respond.deferAnswer(visibilityOf(routing, command, person));
  await answerWith(routing, { respond, as: 'answer', messageId: null, what }, () => command.run(call, operations));
}

/** Completes the option that is being typed; with nothing for those who may not use the command. */
export async function routeCompletion(
  { registry, operations, roles, log }: Routing,
  data: CommandData,
  person: Person,
  respond: Responder,
): Promise<void> {
  const { command: name, focused } = readInvocation(data);
  const command = registry.commands.get(name);
  const option = command?.options?.find((candidate) => candidate.name === focused?.name);
  const allowed = command !== undefined && decideAccess(person.roles, roles, command.access).allowed;
  let choices: readonly string[] = [];
  try {
    if (allowed && option && focused) choices = option.autocomplete?.(focused.typed, operations) ?? [];
  } catch (err) {
    log.error({ err, what: name }, 'an option cannot be completed');
  }
  await respond.suggest(choices);
}

/** Discord lets nobody type another value: a command may rely on it, whatever sent the interaction. */
function findWrongChoice(command: Command, given: Readonly<Record<string, string>>): string | null {
  for (const { name, choices } of command.options ?? []) {
    const value = given[name];
    if (choices && value !== undefined && !choices.includes(value))
      return `\`${name}\` is one of ${choices.join(', ')}.`;
  }
  return null;
}

function listCatalogue({ registry }: Routing): readonly CommandSummary[] {
  return [...registry.commands].map(([name, { description, access }]) => ({ name, description, access }));
}
