import type { WaitOptions } from '../feed.ts';
import type { CommandChoice } from '../world/command-body.ts';
import type { WorldEvent } from '../world/events.ts';
import type { InteractionRecord } from '../world/interactions.ts';
import type { StoredMessage } from '../world/messages.ts';
import { MESSAGE_FLAGS, type Message } from '../world/state.ts';
import type { World } from '../world/world.ts';
import { type Modal, readModal } from './modal-fields.ts';

/** What became of an interaction, as the user who caused it sees it. */
export interface Outcome {
  readonly interaction: InteractionRecord;
  /** From the interaction to the arrival of its callback; null when none came in time. */
  readonly acknowledgedAfterMs: number | null;
  /** `failed`: "The application did not respond". */
  readonly kind: 'message' | 'deferred' | 'update' | 'deferred-update' | 'modal' | 'autocomplete' | 'failed';
  readonly ephemeral: boolean;
  /** Discord's words in red; null unless it failed. */
  readonly failure: string | null;
  readonly modal: Modal | null;
  readonly choices: readonly CommandChoice[];
  /** The answer as it stands now; for an update, the message that the component is on. */
  message(): Message | null;
  followUps(): readonly Message[];
  /** The answer once it is no longer "thinking"; after a deferred update, the next edit or follow-up. */
  final(options?: WaitOptions): Promise<Message>;
}

const KINDS: Readonly<Record<number, Outcome['kind']>> = {
  4: 'message',
  5: 'deferred',
  6: 'deferred-update',
  7: 'update',
  8: 'autocomplete',
  9: 'modal',
};

/** Longer than Discord's 3 s on the world's clock; only a world that stands still gets here. */
const NEVER_MS = 120_000;

/** Waits for the callback or for the time to run out, and tells what the user sees. */
export async function awaitOutcome(world: World, interaction: InteractionRecord): Promise<Outcome> {
  const isEnd = (event: WorldEvent): boolean =>
    (event.type === 'interaction-acknowledged' || event.type === 'interaction-expired') &&
    event.interaction === interaction;
  await world.events.waitFor(isEnd, { timeoutMs: NEVER_MS, what: 'an answer to the interaction' });

  const { callback, original, acknowledgedAt, createdAt, followUps } = interaction;
  const kind = callback === null ? 'failed' : (KINDS[callback.type] ?? 'failed');
  const shown = (stored: StoredMessage | null): Message | null =>
    stored === null || stored.deleted ? null : stored.message;
  return {
    interaction,
    acknowledgedAfterMs: acknowledgedAt === null ? null : acknowledgedAt - createdAt,
    kind,
    ephemeral: original !== null && original.visibleTo !== null,
    failure: kind === 'failed' ? 'The application did not respond' : null,
    modal: kind === 'modal' ? readModal(callback?.data ?? {}) : null,
    choices: kind === 'autocomplete' ? (callback?.data['choices'] as CommandChoice[]) : [],
    message: () => shown(interaction.original),
    followUps: () => followUps.map(shown).filter((message) => message !== null),
    async final(options = {}) {
      const now = shown(interaction.original);
      if (kind !== 'deferred-update' && now !== null && !isLoading(now)) return now;
      // Not by the time: what somebody else did in the same millisecond, before, is no answer to this.
      let begun = false;
      const isFinal = (event: WorldEvent): boolean => {
        begun ||= isEnd(event);
        if (event.type !== 'message-edited' && event.type !== 'message-created') return false;
        if (!begun || isLoading(event.message)) return false;
        return event.stored === interaction.original
          ? event.type === 'message-edited'
          : event.message.interaction_metadata?.id === interaction.id;
      };
      const event = await world.events.waitFor(isFinal, { what: 'the final answer to the interaction', ...options });
      if (!('message' in event)) throw new Error('not an event of a message');
      return event.message;
    },
  };
}

function isLoading({ flags }: Message): boolean {
  return (flags & MESSAGE_FLAGS.loading) !== 0;
}
