import type { Command } from '../../src/discord/command.ts';
import type { IncidentOperations, IncidentRef } from '../../src/operations/incident-operations.ts';
import { renderIncidentSummary } from '../../src/render/incident-message.ts';
import type { Message } from '../../src/render/message.ts';

export default {
  description: 'Where an incident stands: its alerts, who leads, and what happened last',
  access: 'observe',
  answer: 'public-in-alert-channel',
  options: [
    {
      name: 'incident',
      description: 'Which one; without it that of this thread, or the only open one',
      autocomplete: (typed, { incidents }) => incidents.suggest(typed),
    },
  ],
  run: async ({ options, channelId }, { incidents }) => show(incidents, { id: options['incident'], channelId }),
  buttons: {
    refresh: {
      access: 'observe',
      answer: 'edit',
      run: async ({ args }, { incidents }) => show(incidents, { id: args[0] }),
    },
    /** From another message: a new answer beside it. */
    show: {
      access: 'observe',
      answer: 'new',
      run: async ({ args }, { incidents }) => show(incidents, { id: args[0] }),
    },
  },
} satisfies Command;

function show(incidents: IncidentOperations, which: IncidentRef): Message {
  const { incident, at } = incidents.status(which);
  return renderIncidentSummary(incident, at, { refresh: true });
}
