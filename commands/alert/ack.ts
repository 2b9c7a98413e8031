import type { Command } from '../../src/discord/command.ts';
import { suggestAlerts } from '../../src/operations/suggest-alerts.ts';
import { renderAcknowledged } from '../../src/render/alert-answers.ts';

export default {
  description: 'Own an alert: it is not posted again while it fires',
  access: 'respond',
  answer: 'public-in-alert-channel',
  options: [
    {
      name: 'alert',
      description: 'Which one',
      required: true,
      autocomplete: (typed, { alerts }) =>
        suggestAlerts(
          alerts.list().firing.filter(({ acknowledged }) => acknowledged === null),
          typed,
        ),
    },
  ],
  run: async ({ options, memberId }, { alerts }) =>
    renderAcknowledged(alerts.acknowledge(options['alert'] ?? '', memberId)),
  buttons: {
    now: {
      access: 'respond',
      answer: 'elsewhere',
      async run({ args, memberId }, { alerts }) {
        alerts.acknowledge(args[0] ?? '', memberId);
        return null;
      },
    },
    /** The undo. */
    back: {
      access: 'respond',
      answer: 'elsewhere',
      async run({ args }, { alerts }) {
        alerts.handBack(args[0] ?? '');
        return null;
      },
    },
  },
} satisfies Command;
