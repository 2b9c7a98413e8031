import type { Alert } from '../alerts/alert.ts';
import type { Silence } from '../alerts/silence.ts';
import { wordForState } from './alert-message.ts';
import { joinLines } from './join-lines.ts';
import { COLOURS, type Message, timestamp } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

/** The answer to `/alert ack`. Without a footer: that is what tells an alert's own message. Pure. */
export function renderAcknowledged({ finding, acknowledged, key }: Alert): Message {
  const who = acknowledged === null ? 'nobody' : `<@${acknowledged.by}> ${timestamp(acknowledged.at)}`;
  return {
    embed: {
      title: 'Alert acknowledged',
      description: `**${escapeUntrusted(key, 150)}**: ${escapeUntrusted(finding.headline, 200)}\nacknowledged by ${who}. It is not posted again while it fires, unless it gets worse.`,
      colour: COLOURS.calm,
    },
  };
}

/** The answer to `/alert silence`: what is quiet from now on, and until when. Pure. */
export function renderSilenced(silence: Silence, covers: readonly Alert[]): Message {
  const lines = covers.map((alert) => `- ${wordForState(alert)}: ${escapeUntrusted(alert.finding.headline, 150)}`);
  return {
    embed: {
      title: 'Silenced',
      description: [
        `${describeSilence(silence)}, by <@${silence.by}>. End it sooner with \`/alert unsilence\`.`,
        lines.length === 0 ? 'Nothing of it fires at the moment.' : joinLines(lines, 2_000),
      ].join('\n'),
      colour: COLOURS.unknown,
    },
  };
}

/** The answer to `/alert unsilence`. Pure. */
export function renderUnsilenced(ended: readonly Silence[], by: string): Message {
  return {
    embed: {
      title: ended.length === 1 ? 'Silence ended' : `${ended.length} silences ended`,
      description: `${joinLines(
        ended.map(({ about }) => `- ${describeAbout(about)}`),
        2_000,
      )}\nended by <@${by}>. What still fires is told again.`,
      colour: COLOURS.calm,
    },
  };
}

/** `**site** is quiet until …` */
export function describeSilence({ about, until }: Silence): string {
  return `${describeAbout(about)} is quiet until ${timestamp(until, 'f')} (${timestamp(until)})`;
}

function describeAbout(about: Silence['about']): string {
  return about.kind === 'alert'
    ? `**${escapeUntrusted(about.key, 150)}**`
    : `All about **${escapeUntrusted(about.name, 63)}**`;
}
