import type { Command } from '../../src/discord/command.ts';
import type { Operations } from '../../src/operations/operations.ts';
import { renderIncidentList } from '../../src/render/incident-answers.ts';
import type { Message } from '../../src/render/message.ts';

export default {
  description: 'The incidents, open and lately closed',
  access: 'observe',
  answer: 'public-in-alert-channel',
  run: async (_, operations) => show(operations),
  buttons: { refresh: { access: 'observe', answer: 'edit', run: async (_, operations) => show(operations) } },
} satisfies Command;

function show({ incidents }: Operations): Message {
  const list = incidents.list();
  return renderIncidentList(list.incidents, list.at);
}
