import { listWithin } from './list-within.ts';
import { COLOURS, type Message, timestamp } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

export interface OutageNote {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** What came and went meanwhile: plain text, one line each, oldest first. */
  readonly lines: readonly string[];
}

const LONGEST_LINE = 150;

/** What is told of an outage once it is over, in the place of messages that would come too late. Pure. */
export function renderOutageNote({ id, from, to, lines }: OutageNote): Message {
  const count = lines.length === 1 ? '1 alert' : `${lines.length} alerts`;
  const unseen = lines.length === 0 ? 'Nothing came and went meanwhile.' : `${count} came and went unseen meanwhile:`;
  return {
    embed: {
      title: 'Messages did not get through for a while',
      description: [
        `Blind from ${timestamp(from, 'T')} to ${timestamp(to, 'T')}: Discord could not be reached. ${unseen}`,
        ...listWithin(lines.map((line) => `- ${escapeUntrusted(line, LONGEST_LINE)}`)),
        ...(lines.length > 0 ? ['What still fires has its own message.'] : []),
      ].join('\n'),
      colour: COLOURS.unknown,
      // By this it is found again in the channel's history.
      footer: `note · ${id}`,
    },
  };
}
