import { DiscordAPIError, RateLimitError, type REST } from '@discordjs/rest';
import {
  InteractionResponseType,
  MessageFlags,
  type APIModalInteractionResponseCallbackData as Modal,
  RESTJSONErrorCodes,
  Routes,
} from 'discord-api-types/v10';
import { z } from 'zod';
import type { Message } from '../render/message.ts';
import { filesOf } from './channel-transport.ts';
import type { ShownAt } from './command.ts';
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
  /** Within 3 s, and nothing else then: a form over the channel. */
  openForm(form: Modal): Promise<void>;
  /** The answer, or the edited message, after a deferral. Gives where it stands, if Discord says so. */
  complete(message: Message): Promise<ShownAt | null>;
  /** The same, tried once: it is overtaken soon. */
  showProgress(message: Message): Promise<ShownAt | null>;
  /** After a deferred answer turned out to be a refusal: takes the public "thinking…" away and tells the asker only. */
  refuseLate(text: string, deferred: 'answer' | 'edit'): Promise<void>;
  suggest(choices: readonly string[]): Promise<void>;
}

const NO_MENTIONS = { parse: [] } as const;
/** Two attempts within Discord's 3 s (facts.md, Discord 6). */
const ACKNOWLEDGE_WITHIN_MS = 1_200;
/** facts.md, Discord 7. */
const LIMITS = { choices: 25, choice: 100 } as const;

export function createResponder(
  rest: REST,
  applicationId: string,
  interaction: Pick<Interaction, 'id' | 'token'>,
): Responder {
  const { id, token } = interaction;
  const callbackRoute = Routes.interactionCallback(id, token);
  const originalRoute = Routes.webhookMessage(applicationId, token, '@original');

  /** A lost acknowledgement is a red "did not respond" for the person: in 3 s there is time for two attempts. */
  async function callBack(type: InteractionResponseType, data?: object): Promise<void> {
    let attempts = 0;
    await repeatedOnce(async () => {
      attempts += 1;
      try {
        const signal = AbortSignal.timeout(ACKNOWLEDGE_WITHIN_MS);
        await rest.post(callbackRoute, { auth: false, body: { type, ...(data && { data }) }, signal });
      } catch (error) {
        // The first one had arrived after all. At the first attempt it was somebody else: another bot of this name.
        if (attempts === 1 || !isAlreadyAcknowledged(error)) throw error;
      }
    });
  }

  async function edit(message: Message): Promise<ShownAt | null> {
    return readPlace(
      await rest.patch(originalRoute, { auth: false, body: fitMessage(message), files: filesOf(message) }),
    );
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
    openForm: (form) => callBack(InteractionResponseType.Modal, form),
    complete: (message) => repeatedOnce(() => edit(message)),
    showProgress: edit,
    async refuseLate(text, deferred) {
      try {
        if (deferred === 'answer') await repeatedOnce(() => rest.delete(originalRoute, { auth: false }));
      } finally {
        await rest.post(Routes.webhook(applicationId, token), { auth: false, body: ephemeral(text) });
      }
    },
    suggest: (choices) =>
      callBack(InteractionResponseType.ApplicationCommandAutocompleteResult, {
        // A longer value would be cut into the name of something else.
        choices: choices
          .filter(({ length }) => length > 0 && length <= LIMITS.choice)
          .slice(0, LIMITS.choices)
          .map((choice) => ({ name: choice, value: choice })),
      }),
  };
}

/** Once more after a fault of the network or of Discord's servers; only for what may be done twice. */
async function repeatedOnce<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof DiscordAPIError || error instanceof RateLimitError) throw error;
    return send();
  }
}

function isAlreadyAcknowledged(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged;
}

const shownSchema = z.object({ id: z.string(), channel_id: z.string(), flags: z.number().default(0) });

function readPlace(raw: unknown): ShownAt | null {
  const parsed = shownSchema.safeParse(raw);
  if (!parsed.success) return null;
  const { id, channel_id: channelId, flags } = parsed.data;
  return { channelId, messageId: id, visibility: (flags & MessageFlags.Ephemeral) === 0 ? 'public' : 'ephemeral' };
}
