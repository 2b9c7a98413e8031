import type { Command } from '../../src/discord/command.ts';
import type { Operations } from '../../src/operations/operations.ts';
import { renderBackupReport } from '../../src/render/backup-message.ts';
import type { Message } from '../../src/render/message.ts';
import { findReferred } from '../../src/render/name-reference.ts';

export default {
  description: 'Age, result and size of the last backups',
  access: 'observe',
  answer: 'public-in-alert-channel',
  options: [
    {
      name: 'database',
      description: 'Which database; may be left out when there is only one',
      autocomplete: (typed, { databases }) => databases.filter((name) => name.includes(typed.toLowerCase())),
    },
  ],
  run: ({ options }, operations) => showBackups(operations, options['database']),
  buttons: {
    refresh: {
      access: 'observe',
      answer: 'edit',
      run: ({ args }, operations) => showBackups(operations, databaseOf(args[0], operations)),
    },
    show: {
      access: 'observe',
      answer: 'new',
      run: ({ args }, operations) => showBackups(operations, databaseOf(args[0], operations)),
    },
  },
} satisfies Command;

async function showBackups({ backups }: Operations, database: string | undefined): Promise<Message> {
  return renderBackupReport(await backups.readReport(database));
}

/** A button carries the mark of a name that is too long. */
function databaseOf(reference = '', { databases }: Operations): string {
  return findReferred(reference, databases) ?? reference;
}
