import type { Confirmation } from '../confirmations/confirmation.ts';
import { describeInterruption, type KillInterruption } from '../model/kill-plan.ts';
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

/** The bot died while it was carried out, and the next one has looked. Pure. */
export function renderKillInterrupted(confirmation: Ended, interruption: KillInterruption): Message {
  const words = `${escapeUntrusted(describeInterruption(interruption), 400)}. Nothing goes on by itself: look again.`;
  const message = renderEnd(confirmation, 'interrupted', `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`);
  return { ...message, ...(message.embed && { embed: { ...message.embed, colour: COLOURS.warning } }) };
}

function renderEnd({ id, database, summary }: Ended, fact: string, words: string): Message {
  const again = killStaleButton(database);
  return {
    embed: {
      title: `${escapeUntrusted(database)}: ${fact}`,
      description: `It was about ${escapeUntrusted(summary, 300)}.\n${words}`,
      colour: COLOURS.unknown,
      footer: `confirmation ${id}`,
    },
    buttons: again ? [again] : [],
  };
}
