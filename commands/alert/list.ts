import type { Command } from '../../src/discord/command.ts';
import { renderAlertList } from '../../src/render/alert-list-message.ts';

export default {
  description: 'What fires, what is silenced, and who owns it',
  access: 'observe',
  answer: 'public-in-alert-channel',
  run: async (_, { alerts }) => renderAlertList(alerts.list()),
  buttons: {
    refresh: { access: 'observe', answer: 'edit', run: async (_, { alerts }) => renderAlertList(alerts.list()) },
    /** From an alert's message or a digest: a new answer beside it. */
    show: { access: 'observe', answer: 'new', run: async (_, { alerts }) => renderAlertList(alerts.list()) },
  },
} satisfies Command;
