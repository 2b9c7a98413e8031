import type { Command } from '../../src/discord/command.ts';
import { renderIncidentSummary } from '../../src/render/incident-message.ts';

export default {
  description: 'Open an incident by hand; a critical alert opens one by itself',
  access: 'respond',
  answer: 'public-in-alert-channel',
  options: [
    { name: 'title', description: 'In a line, what is wrong', required: true },
    {
      name: 'database',
      description: 'Which database; may be left out when there is only one',
      autocomplete: (typed, { databases }) => databases.filter((name) => name.includes(typed.toLowerCase())),
    },
  ],
  async run({ options: { title = '', database }, memberId }, { incidents }) {
    const { incident, at } = await incidents.open(title, database, memberId);
    return renderIncidentSummary(incident, at, { refresh: true });
  },
  buttons: {
    /** The undo of a closing. */
    again: {
      access: 'respond',
      answer: 'edit',
      async run({ args, memberId }, { incidents }) {
        const { incident, at } = await incidents.reopen(args[0] ?? '', memberId);
        return renderIncidentSummary(incident, at, { refresh: true });
      },
    },
  },
} satisfies Command;
