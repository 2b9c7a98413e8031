import type { Command } from '../../src/discord/command.ts';
import { suggestAlerts } from '../../src/operations/suggest-alerts.ts';
import { renderSilenced } from '../../src/render/alert-answers.ts';

const HOUR = '1h';

export default {
  description: 'Quiet for a while: no posts, no pings, though the message goes on telling',
  access: 'respond',
  answer: 'public-in-alert-channel',
  options: [
    {
      name: 'alert',
      description: 'One alert, this time and whenever it fires again before the end',
      autocomplete: (typed, { alerts }) => suggestAlerts(alerts.list().firing, typed),
    },
    {
      name: 'application',
      description: 'Or all that is about one application',
      autocomplete: (typed, { alerts }) =>
        alerts.applications().filter((name) => name.toLowerCase().includes(typed.toLowerCase())),
    },
    {
      name: 'for',
      description: 'How long: 30m, 1h, 4h, 1d (1h unless you say)',
      autocomplete: (typed) => ['30m', HOUR, '4h', '1d'].filter((each) => each.startsWith(typed)),
    },
  ],
  async run({ options, memberId }, { alerts }) {
    const { alert, application, for: lasting } = options;
    const { silence, covers } = alerts.silence({ alert, application }, lasting || HOUR, memberId);
    return renderSilenced(silence, covers);
  },
  buttons: {
    hour: {
      access: 'respond',
      answer: 'elsewhere',
      async run({ args, memberId }, { alerts }) {
        alerts.silence({ alert: args[0] }, HOUR, memberId);
        return null;
      },
    },
  },
} satisfies Command;
