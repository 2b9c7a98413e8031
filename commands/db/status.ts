import type { Command } from '../../src/discord/command.ts';
import type { Operations } from '../../src/operations/operations.ts';
import { paintConnectionChart } from '../../src/render/connection-chart-file.ts';
import type { Message } from '../../src/render/message.ts';
import { findReferred } from '../../src/render/name-reference.ts';
import { renderStatus } from '../../src/render/status-message.ts';

export default {
  description: 'Connections, who holds them, and whether new ones get in',
  access: 'observe',
  answer: 'public-in-alert-channel',
  options: [
    {
      name: 'database',
      description: 'Which database; may be left out when there is only one',
      autocomplete: (typed, { databases }) => databases.filter((name) => name.includes(typed.toLowerCase())),
    },
  ],
  run: ({ options }, operations) => showStatus(operations, options['database']),
  buttons: {
    refresh: {
      access: 'observe',
      answer: 'edit',
      run: ({ args }, operations) => showStatus(operations, databaseOf(args[0], operations)),
    },
    /** From an alert's message: a new answer beside it. */
    show: {
      access: 'observe',
      answer: 'new',
      run: ({ args }, operations) => showStatus(operations, databaseOf(args[0], operations)),
    },
  },
} satisfies Command;

async function showStatus(operations: Operations, database: string | undefined): Promise<Message> {
  const report = await operations.readStatus(database);
  return renderStatus(report, await paintConnectionChart(report));
}

/** A button carries the mark of a name that is too long. */
function databaseOf(reference = '', { databases }: Operations): string {
  return findReferred(reference, databases) ?? reference;
}
