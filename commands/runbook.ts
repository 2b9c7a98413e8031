import type { Command } from '../src/discord/command.ts';
import { STRATEGIES } from '../src/recovery/plan.ts';
import { renderRunbook } from '../src/render/runbook-message.ts';

export default {
  description: 'The recovery by hand: every rung in words, with the commands to copy',
  access: 'observe',
  answer: 'public-in-alert-channel',
  options: [
    { name: 'strategy', description: 'Only this rung', choices: STRATEGIES },
    {
      name: 'database',
      description: 'Which database; may be left out when there is only one',
      autocomplete: (typed, { databases }) => databases.filter((name) => name.includes(typed.toLowerCase())),
    },
  ],
  run: async ({ options: { database, strategy } }, { recover }) => renderRunbook(recover.runbook(database, strategy)),
} satisfies Command;
