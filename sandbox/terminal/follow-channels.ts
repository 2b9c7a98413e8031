import { renderMessage } from '../discord/render-message.ts';
import { saveAttachments } from '../discord/save-attachments.ts';
import { namesOf } from '../discord/world/names.ts';
import { MESSAGE_FLAGS, type Message } from '../discord/world/state.ts';
import type { Stage } from '../stage/set-stage.ts';

/** Messages as the terminal numbers them, newest last. */
export interface ShownMessages {
  /** By number, or the newest that has buttons. */
  find(number: number | null): Message | undefined;
  /** The newest that fits. */
  newest(fits: (message: Message) => boolean): Message | undefined;
  stop(): void;
}

/**
 * Writes every message and every edit of the guild, its threads included, as it happens, and its files into a directory. Edits that only
 * bring newer numbers come as one short line.
 */
export function followChannels(
  stage: Stage,
  options: { readonly directory: string; readonly colour: boolean; readonly write: (text: string) => void },
): ShownMessages {
  const { directory, colour, write } = options;
  const { world, events } = stage.discord;
  const names = namesOf(world);
  const numbers = new Map<string, number>();
  const titles = new Map<string, string>();

  const stop = events.on((event) => {
    if (event.type === 'thread-created')
      write(`\n${placeOf(event.channel.id)}: a thread begins; in ${event.channel.name}`);
    if (event.type !== 'message-created' && event.type !== 'message-edited') return;
    const { message, stored } = event;
    if ((message.flags & MESSAGE_FLAGS.loading) !== 0) return;
    const number = numbers.get(message.id) ?? numbers.size + 1;
    numbers.set(message.id, number);
    const state = stateOf(message);
    const shown = titles.get(message.id);
    titles.set(message.id, state);
    const place = placeOf(message.channel_id);
    if (shown === state) write(`   ${place} message ${number}: ${titleOf(message)}`);
    else
      write(
        `\n${place} · message ${number}\n${renderMessage(message, { names, now: event.at, colour, width: Math.max(40, (process.stdout.columns ?? 100) - 2) })}`,
      );
    void saveAttachments(stored, directory).then((paths) => {
      if (paths.length > 0 && shown !== state) write(`  files: ${paths.join(', ')}`);
    });
  });

  /** `#alerts`, or `#alerts › Incident` for a thread. */
  function placeOf(channelId: string): string {
    const above = world.channels.get(channelId)?.parentId ?? null;
    const own = names.channel(channelId) ?? channelId;
    return above === null ? `#${own}` : `#${names.channel(above) ?? above} › ${own}`;
  }

  const all = (): Message[] => [...numbers].flatMap(([id]) => world.messages.find(id)?.message ?? []);
  return {
    stop,
    find(number) {
      if (number !== null) return all().find(({ id }) => numbers.get(id) === number);
      return all().findLast(({ components }) => components.length > 0);
    },
    newest: (fits) => all().findLast(fits),
  };
}

function titleOf({ embeds, content }: Message): string {
  return (embeds[0] as { readonly title?: string } | undefined)?.title ?? content;
}

/** What makes an edit worth showing in full: another state word, not another number. */
function stateOf(message: Message): string {
  return `${message.embeds.length} ${titleOf(message).replaceAll(/\d+/g, '')}`;
}
