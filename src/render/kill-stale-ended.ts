import type { Confirmation } from '../confirmations/confirmation.ts';
import { killStaleButton } from './kill-stale-buttons.ts';
import { COLOURS, type Message } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

type Ended = Pick<Confirmation, 'id' | 'database' | 'summary'>;

/** Somebody decided against it. Pure. */
export function renderKillCancelled(confirmation: Ended, by: string): Message {
  return renderEnd(confirmation, 'cancelled, nothing was terminated', `Cancelled by <@${by}>.`);
}

/** Nobody confirmed it in time. Pure. */
export function renderKillExpired(confirmation: Ended): Message {
  const words = 'Nobody confirmed it within two minutes, and the sessions have moved on since. Look again.';
  return renderEnd(confirmation, 'expired, nothing was terminated', words);
}

function renderEnd({ id, database, summary }: Ended, fact: string, words: string): Message {
  return {
    embed: {
      title: `${escapeUntrusted(database)}: ${fact}`,
      description: `It was about ${escapeUntrusted(summary, 300)}.\n${words}`,
      colour: COLOURS.unknown,
      footer: `confirmation ${id}`,
    },
    buttons: [killStaleButton(database)],
  };
}
