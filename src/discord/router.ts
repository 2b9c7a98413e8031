import { InteractionType } from 'discord-api-types/v10';
import type { Log } from '../model/log.ts';
import { UserFacingError } from '../model/user-facing-error.ts';
import type { Operations } from '../operations/operations.ts';
import type { Message } from '../render/message.ts';
import { escapeUntrusted } from '../render/untrusted.ts';
import { decideAccess, describeRefusal, type LevelRoles } from './access.ts';
import type { Answer, ButtonHandler, Command, Level } from './command.ts';
import { type Interaction, readInvocation } from './interaction.ts';
import type { Registry } from './registry.ts';
import type { Responder } from './responder.ts';

export interface RouterOptions {
  readonly guildId: string;
  readonly alertChannelId: string;
  readonly roles: LevelRoles;
  readonly registry: Registry;
  readonly operations: Operations;
  readonly log: Log;
  /** A short id that ties what a person sees to a log line. */
  readonly newReference: () => string;
}

type Asker = { readonly memberId: string; readonly roles: readonly string[]; readonly channelId: string | undefined };

/**
 * Answers every interaction of the configured guild within 3 s: roles first, acknowledgement next, work last
 * (contract.md, fine print 1). Knows no command by name; resolves always, the one catch is here.
 */
export function createRouter(options: RouterOptions): (interaction: Interaction, respond: Responder) => Promise<void> {
  const { guildId, alertChannelId, roles, registry, operations, log, newReference } = options;
  const catalogue = [...registry.commands].map(([name, { description, access }]) => ({ name, description, access }));

  return async (interaction, respond) => {
    try {
      // Direct messages and other guilds never act; roles mean nothing there.
      if (interaction.guild_id !== guildId || !interaction.member) {
        await respond.refuse('Breakwater works in its own server only.');
        return;
      }
      const asker = {
        memberId: interaction.member.user.id,
        roles: interaction.member.roles,
        channelId: interaction.channel_id,
      };
      if (interaction.type === InteractionType.ApplicationCommand) await runCommand(interaction.data, asker, respond);
      else if (interaction.type === InteractionType.ApplicationCommandAutocomplete)
        await complete(interaction.data, asker, respond);
      else await runClick(interaction.data.custom_id, asker, respond);
    } catch (error) {
      log.error({ err: error, interaction: interaction.id }, 'an interaction could not be answered');
    }
  };

  async function runCommand(
    data: Parameters<typeof readInvocation>[0],
    asker: Asker,
    respond: Responder,
  ): Promise<void> {
    const invocation = readInvocation(data);
    const command = registry.commands.get(invocation.command);
    if (!command) {
      await respond.refuse('This command is not known here any more; Discord may show an old list for a moment.');
      return;
    }
    const level = await admit(asker, command.access, respond);
    if (level === null) return;
    await respond.deferAnswer(visibilityOf(command, asker));
    const { memberId, channelId } = asker;
    const call = { options: invocation.options, memberId, level, channelId, catalogue };
    await finish(respond, 'answer', invocation.command, async () => messageOf(await command.run(call, operations)));
  }

  async function complete(data: Parameters<typeof readInvocation>[0], asker: Asker, respond: Responder): Promise<void> {
    const { command: name, focused } = readInvocation(data);
    const command = registry.commands.get(name);
    const option = command?.options?.find((candidate) => candidate.name === focused?.name);
    const allowed = command !== undefined && decideAccess(asker.roles, roles, command.access).allowed;
    let choices: readonly string[] = [];
    try {
      if (allowed && option && focused) choices = option.autocomplete?.(focused.typed, operations) ?? [];
    } catch (err) {
      log.error({ err, what: name }, 'an option cannot be completed');
    }
    await respond.suggest(choices);
  }

  async function runClick(customId: string, asker: Asker, respond: Responder): Promise<void> {
    const route = findButton(customId, registry);
    if (!route) {
      await respond.refuse('This button is not known any more. Run the command again.');
      return;
    }
    const { handler, command, args } = route;
    const level = await admit(asker, handler.access, respond);
    if (level === null) return;
    if (handler.answer === 'form') throw new Error('forms are not wired yet');
    const { memberId, channelId } = asker;
    const click = { args, memberId, level, channelId, progress: async () => {} };
    const deferred = handler.answer === 'new' ? 'answer' : 'edit';
    if (deferred === 'edit') await respond.deferEdit();
    else await respond.deferAnswer(visibilityOf(command, asker));
    await finish(respond, deferred, customId, async () => messageOf(await handler.run(click, operations)));
  }

  async function admit(asker: Asker, needed: Level, respond: Responder): Promise<Level | null> {
    const decision = decideAccess(asker.roles, roles, needed);
    if (decision.allowed) return decision.level;
    await respond.refuse(describeRefusal(decision));
    return null;
  }

  async function finish(
    respond: Responder,
    deferred: 'answer' | 'edit',
    what: string,
    work: () => Promise<Message | null>,
  ): Promise<void> {
    let message: Message | null;
    try {
      message = await work();
    } catch (error) {
      if (error instanceof UserFacingError) {
        await respond.refuseLate(escapeUntrusted(error.message, 1_500), deferred);
        return;
      }
      const reference = newReference();
      log.error({ err: error, what, reference }, 'a command failed');
      await respond.refuseLate(
        `That failed inside Breakwater. Look at the state again before you repeat it; the log has the details under \`${reference}\`.`,
        deferred,
      );
      return;
    }
    if (message === null) return;
    try {
      await respond.complete(message);
    } catch (err) {
      const reference = newReference();
      log.error({ err, what, reference }, 'an answer could not be shown');
      await respond.refuseLate(
        `The answer could not be shown here; what was asked for was done. The log has the details under \`${reference}\`.`,
        deferred,
      );
    }
  }

  function visibilityOf(command: Command, asker: Asker): 'public' | 'ephemeral' {
    return command.answer === 'public-in-alert-channel' && asker.channelId === alertChannelId ? 'public' : 'ephemeral';
  }
}

function messageOf(answer: Message | Answer | null): Message | null {
  return answer !== null && 'message' in answer ? answer.message : answer;
}

/** `db.status:refresh:main` → the handler `refresh` of `/db status` with the argument `main`; null for anything else. */
function findButton(
  customId: string,
  registry: Registry,
): { readonly handler: ButtonHandler; readonly command: Command; readonly args: readonly string[] } | null {
  const [name = '', action = '', ...rest] = customId.split(':');
  const command = registry.commands.get(name.replace('.', ' '));
  const handlers = command?.buttons ?? {};
  // A forged id may name anything: only the command's own handlers count, never what every object inherits.
  const handler = Object.hasOwn(handlers, action) ? handlers[action] : undefined;
  if (!command || !handler) return null;
  try {
    return { handler, command, args: rest.map(decodeURIComponent) };
  } catch {
    return null; // a forged id with broken escapes
  }
}
