import { COLOURS, type Message } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

/** What the fallback says when the bot itself is locked out of Discord and ends. Pure; `reason` is for people. */
export function renderLastWord(reason: string): Message {
  return {
    embed: {
      title: '⚫ Breakwater cannot go on',
      description: [
        escapeUntrusted(reason, 500),
        '**First:** put that right and start it again. Until then nobody watches: look at the databases yourself.',
      ].join('\n'),
      colour: COLOURS.critical,
    },
  };
}
