import type { Command } from '../../src/discord/command.ts';
import { suggestAlerts } from '../../src/operations/suggest-alerts.ts';
import { renderUnsilenced } from '../../src/render/alert-answers.ts';

export default {
  description: 'End a silence before its time',
  access: 'respond',
  answer: 'public-in-alert-channel',
  options: [
    {
      name: 'alert',
      description: 'The alert that was silenced',
      autocomplete: (typed, { alerts }) =>
        suggestAlerts(
          alerts.list().silences.flatMap(({ id, about }) => (about.kind === 'alert' ? { id, key: about.key } : [])),
          typed,
        ),
    },
    {
      name: 'application',
      description: 'Or the application that was silenced',
      autocomplete: (typed, { alerts }) =>
        alerts
          .list()
          .silences.flatMap(({ about }) => (about.kind === 'application' ? about.name : []))
          .filter((name) => name.toLowerCase().includes(typed.toLowerCase())),
    },
  ],
  async run({ options: { alert, application }, memberId }, { alerts }) {
    return renderUnsilenced(alerts.unsilence({ alert, application }, memberId), memberId);
  },
  buttons: {
    now: {
      access: 'respond',
      answer: 'elsewhere',
      async run({ args, memberId }, { alerts }) {
        alerts.unsilence({ alert: args[0] }, memberId);
        return null;
      },
    },
  },
} satisfies Command;
