import { COLOURS, type Message } from './message.ts';

/** One command as help shows it. */
export interface HelpEntry {
  readonly name: string;
  readonly description: string;
  readonly access: string;
}

const LEVELS = ['observe', 'respond', 'recover'];

/** `/help`: what the asker may do here, and what not and why. Pure. */
export function renderHelp(entries: readonly HelpEntry[], level: string): Message {
  const rank = (access: string): number => LEVELS.indexOf(access);
  const mine = entries.filter(({ access }) => rank(access) <= rank(level));
  const others = entries.filter(({ access }) => rank(access) > rank(level));
  return {
    embed: {
      title: 'What you may do here',
      description: [
        ...mine.map(renderEntry),
        '',
        `Your level is \`${level}\`. Each level includes the ones before it: ${LEVELS.map((each) => `\`${each}\``).join(' < ')}. It comes from your roles, which are checked at every command and every click.`,
      ].join('\n'),
      colour: COLOURS.calm,
      ...(others.length > 0 && {
        fields: [
          {
            name: 'Not with your level',
            value: others.map((entry) => `${renderEntry(entry)} (needs \`${entry.access}\`)`).join('\n'),
          },
        ],
      }),
    },
  };
}

function renderEntry({ name, description }: HelpEntry): string {
  return `\`/${name}\` ${description}`;
}
