import { InteractionType } from 'discord-api-types/v10';
import type { Clock } from '../model/clock.ts';
import type { Interaction } from './interaction.ts';
import { createLivingMessages } from './living-messages.ts';
import type { Responder } from './responder.ts';
import { routeClick } from './route-click.ts';
import { routeCommand, routeCompletion } from './route-command.ts';
import { routeForm } from './route-form.ts';
import type { Person, Routing } from './routing.ts';

export interface RouterOptions extends Omit<Routing, 'living'> {
  readonly guildId: string;
  readonly clock: Clock;
  /** Ends what messages were to become later. */
  readonly signal: AbortSignal;
}

/**
 * Answers every interaction of the configured guild within 3 s: roles first, acknowledgement next, work last
 * (contract.md, fine print 1). Knows no command by name; resolves always, the one catch is here.
 */
export function createRouter(options: RouterOptions): (interaction: Interaction, respond: Responder) => Promise<void> {
  const { guildId, log } = options;
  const routing: Routing = { ...options, living: createLivingMessages(options) };

  return async (interaction, respond) => {
    try {
      // Direct messages and other guilds never act; roles mean nothing there.
      if (interaction.guild_id !== guildId || !interaction.member) {
        await respond.refuse('Breakwater works in its own server only.');
        return;
      }
      const person: Person = {
        memberId: interaction.member.user.id,
        roles: interaction.member.roles,
        channelId: interaction.channel_id,
        messageId: 'message' in interaction ? (interaction.message?.id ?? null) : null,
      };
      await routeOne(interaction, person, respond);
    } catch (error) {
      log.error({ err: error, interaction: interaction.id }, 'an interaction could not be answered');
    }
  };

  function routeOne(interaction: Interaction, person: Person, respond: Responder): Promise<void> {
    switch (interaction.type) {
      case InteractionType.ApplicationCommand:
        return routeCommand(routing, interaction.data, person, respond);
      case InteractionType.ApplicationCommandAutocomplete:
        return routeCompletion(routing, interaction.data, person, respond);
      case InteractionType.MessageComponent:
        return routeClick(routing, interaction.data.custom_id, person, respond);
      case InteractionType.ModalSubmit:
        return routeForm(routing, interaction.data, person, respond);
    }
  }
}
