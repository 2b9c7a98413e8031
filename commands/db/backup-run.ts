import type { Answer, Command } from '../../src/discord/command.ts';
import type { Operations } from '../../src/operations/operations.ts';
import { renderBackupProgress } from '../../src/render/backup-message.ts';
import { findReferred } from '../../src/render/name-reference.ts';

export default {
  description: 'Starts a backup now and shows how far it has come; joins one that is running',
  access: 'respond',
  answer: 'public-in-alert-channel',
  options: [
    {
      name: 'database',
      description: 'Which database; may be left out when there is only one',
      autocomplete: (typed, { databases }) => databases.filter((name) => name.includes(typed.toLowerCase())),
    },
  ],
  run: ({ options, memberId }, operations) => start(operations, options['database'], memberId),
  buttons: {
    go: {
      access: 'respond',
      answer: 'new',
      run: ({ args, memberId }, operations) => start(operations, databaseOf(args[0], operations), memberId),
    },
  },
} satisfies Command;

async function start({ backups }: Operations, database: string | undefined, by: string): Promise<Answer> {
  const progress = await backups.run(database, by);
  return {
    message: renderBackupProgress(progress),
    shown({ visibility, ...place }) {
      if (visibility === 'public') backups.standsAt(progress.run, place);
    },
  };
}

/** A button carries the mark of a name that is too long. */
function databaseOf(reference = '', { databases }: Operations): string {
  return findReferred(reference, databases) ?? reference;
}
