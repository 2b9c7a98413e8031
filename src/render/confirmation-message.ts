import type { Confirmation } from '../confirmations/confirmation.ts';
import { COLOURS, type Message, timestamp } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

/** What a preview turns into that nobody confirmed in time: its buttons are gone. Pure. */
export function renderExpired({ act, database, summary, until }: Confirmation): Message {
  return {
    embed: {
      title: `${escapeUntrusted(database)}: expired, nothing was done`,
      description: [
        escapeUntrusted(summary, 300),
        `Nobody confirmed it; it expired ${timestamp(until)}. Run \`/db ${act}\` again.`,
      ].join('\n'),
      colour: COLOURS.unknown,
    },
  };
}

/** What a message turns into whose act was under way when the bot ended; `found`: what is known of it, plain. Pure. */
export function renderInterrupted({ act, database, summary, state }: Confirmation, found: string): Message {
  const who =
    'by' in state ? `Confirmed by <@${state.by}> ${timestamp(state.at)}, and interrupted` : 'It was interrupted';
  return {
    embed: {
      title: `${escapeUntrusted(database)}: interrupted, the bot ended meanwhile`,
      description: [
        escapeUntrusted(summary, 300),
        `${who}. Known now: ${escapeUntrusted(found, 500)}`,
        `Nothing goes on by itself: look with \`/db status\`, and run \`/db ${act}\` again for what is left.`,
      ].join('\n'),
      colour: COLOURS.warning,
    },
  };
}
