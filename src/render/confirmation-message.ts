import type { Claimed, Confirmation } from '../confirmations/confirmation.ts';
import { COLOURS, type Message, timestamp } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

/** What a preview turns into that nobody confirmed in time: its buttons are gone. Pure. */
export function renderExpired({ act, database, summary, until }: Confirmation): Message {
  return {
    embed: {
      title: 'Preview expired',
      description: [
        escapeUntrusted(summary, 300),
        `Nobody confirmed it; it expired ${timestamp(until)}, and nothing was done on ${escapeUntrusted(database)}. Run \`/db ${act}\` again.`,
      ].join('\n'),
      colour: COLOURS.unknown,
    },
  };
}

/** What a message turns into whose act was under way when the bot ended; `found`: what is known of it, plain. Pure. */
export function renderInterrupted({ act, database, summary, state }: Confirmation, found: string): Message {
  const who = 'by' in state ? `Confirmed by <@${state.by}> ${timestamp(state.at)}, and` : 'It was';
  return {
    embed: {
      title: 'Interrupted: the bot ended meanwhile',
      description: [
        escapeUntrusted(summary, 300),
        `${who} interrupted on ${escapeUntrusted(database)}. Known now: ${escapeUntrusted(found, 500)}`,
        `Nothing goes on by itself: look with \`/db status\`, and run \`/db ${act}\` again for what is left.`,
      ].join('\n'),
      colour: COLOURS.warning,
    },
  };
}

/** Why a click was refused, as Markdown: the member whom the reason names by id is shown by name. Pure. */
export function renderRefusedClick({ reason, by }: Pick<Extract<Claimed, { ok: false }>, 'reason' | 'by'>): string {
  const text = escapeUntrusted(reason, 500);
  return by !== null && SNOWFLAKE.test(by) ? text.replace(by, `<@${by}>`) : text;
}

// Whoever acts from the terminal has a name instead.
const SNOWFLAKE = /^\d{17,20}$/;
