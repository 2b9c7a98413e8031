import type { Command } from '../../src/discord/command.ts';
import type { IncidentOperations, IncidentRef } from '../../src/operations/incident-operations.ts';
import type { Message } from '../../src/render/message.ts';
import { renderPostmortem } from '../../src/render/render-postmortem.ts';

export default {
  description: 'The post-mortem as a Markdown file, filled in from the timeline',
  access: 'observe',
  answer: 'public-in-alert-channel',
  options: [
    {
      name: 'incident',
      description: 'Which one; without it that of this thread, or the only open one',
      autocomplete: (typed, { incidents }) => incidents.suggest(typed),
    },
  ],
  run: async ({ options, channelId }, { incidents }) => write(incidents, { id: options['incident'], channelId }),
  buttons: {
    show: {
      access: 'observe',
      answer: 'new',
      run: async ({ args }, { incidents }) => write(incidents, { id: args[0] }),
    },
  },
} satisfies Command;

function write(incidents: IncidentOperations, which: IncidentRef): Message {
  const { incident, at } = incidents.postmortem(which);
  return renderPostmortem(incident, at);
}
