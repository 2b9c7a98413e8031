import type { Command } from '../../src/discord/command.ts';
import type { Operations } from '../../src/operations/operations.ts';
import { renderLocks } from '../../src/render/locks-message.ts';
import type { Message } from '../../src/render/message.ts';
import { findReferred } from '../../src/render/name-reference.ts';

export default {
  description: 'Who blocks whom, as a tree, and for how long',
  access: 'observe',
  answer: 'public-in-alert-channel',
  options: [
    {
      name: 'database',
      description: 'Which database; may be left out when there is only one',
      autocomplete: (typed, { databases }) => databases.filter((name) => name.includes(typed.toLowerCase())),
    },
  ],
  run: ({ options }, operations) => showLocks(operations, options['database']),
  buttons: {
    refresh: { access: 'observe', answer: 'edit', run: ({ args }, operations) => showReferred(operations, args[0]) },
    /** From an alert's message: a new answer beside it. */
    show: { access: 'observe', answer: 'new', run: ({ args }, operations) => showReferred(operations, args[0]) },
  },
} satisfies Command;

function showReferred(operations: Operations, reference = ''): Promise<Message> {
  // An unknown name is refused by name.
  return showLocks(operations, findReferred(reference, operations.databases) ?? reference);
}

async function showLocks(operations: Operations, database: string | undefined): Promise<Message> {
  return renderLocks(await operations.readLocks(database));
}
