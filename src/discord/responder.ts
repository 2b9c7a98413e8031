import {
  DiscordAPIError,
  InteractionResponseType,
  MessageFlags,
  type REST,
  RESTJSONErrorCodes,
  Routes,
} from 'discord.js';
import type { Message } from '../render/message.ts';
import { filesOf } from './channel-transport.ts';
import { fitMessage } from './fit-message.ts';
import type { Interaction } from './interaction.ts';

/** The ways to answer one interaction. Each throws what REST throws; the router catches. */
export interface Responder {
  /** At once, seen by the asker only. */
  refuse(text: string): Promise<void>;
  /** Within 3 s: "thinking…"; fixes whether the answer is public (facts.md, Discord 6). */
  deferAnswer(visibility: 'public' | 'ephemeral'): Promise<void>;
  /** Within 3 s: the clicked message will be edited. */
  deferEdit(): Promise<void>;
  /** The answer, or the edited message, after a deferral. */
  complete(message: Message): Promise<void>;
  /** After a deferred answer turned out to be a refusal: takes the public "thinking…" away and tells the asker only. */
  refuseLate(text: string, deferred: 'answer' | 'edit'): Promise<void>;
  suggest(choices: readonly string[]): Promise<void>;
}

const NO_MENTIONS = { parse: [] } as const;

export function createResponder(rest: REST, applicationId: string, interaction: Interaction): Responder {
  const { id, token } = interaction;
  const callbackRoute = Routes.interactionCallback(id, token);
  const originalRoute = Routes.webhookMessage(applicationId, token, '@original');

  /** Repeated once on a fault of the network: a lost acknowledgement is a red "did not respond" for the person. */
  async function callBack(type: InteractionResponseType, data?: object): Promise<void> {
    const send = () => rest.post(callbackRoute, { auth: false, body: { type, ...(data && { data }) } });
    try {
      await send();
    } catch (first) {
      if (first instanceof DiscordAPIError) throw first;
      try {
        await send();
      } catch (second) {
        // The first one had arrived after all.
        if (!isAlreadyAcknowledged(second)) throw second;
      }
    }
  }

  const ephemeral = (text: string) => ({
    content: text,
    flags: MessageFlags.Ephemeral,
    allowed_mentions: NO_MENTIONS,
  });

  return {
    refuse: (text) => callBack(InteractionResponseType.ChannelMessageWithSource, ephemeral(text)),
    deferAnswer: (visibility) =>
      callBack(
        InteractionResponseType.DeferredChannelMessageWithSource,
        visibility === 'ephemeral' ? { flags: MessageFlags.Ephemeral } : undefined,
      ),
    deferEdit: () => callBack(InteractionResponseType.DeferredMessageUpdate),
    async complete(message) {
      await rest.patch(originalRoute, { auth: false, body: fitMessage(message), files: filesOf(message) });
    },
    async refuseLate(text, deferred) {
      if (deferred === 'answer') await rest.delete(originalRoute, { auth: false });
      await rest.post(Routes.webhook(applicationId, token), { auth: false, body: ephemeral(text) });
    },
    suggest: (choices) =>
      callBack(InteractionResponseType.ApplicationCommandAutocompleteResult, {
        choices: choices.slice(0, 25).map((choice) => ({ name: choice.slice(0, 100), value: choice.slice(0, 100) })),
      }),
  };
}

function isAlreadyAcknowledged(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged;
}
