import { expect, it } from 'vitest';
import status from '../../commands/db/status.ts';
import type { ButtonClick } from '../../src/discord/command.ts';
import { referTo } from '../../src/render/name-reference.ts';
import { fakeOperations } from '../support/operations.ts';

const LONG = 'ü'.repeat(31);

it.each(['refresh', 'show'] as const)(
  'finds the database at %s by the mark of a name that is too long',
  async (action) => {
    const asked: (string | undefined)[] = [];
    const operations = fakeOperations({
      databases: ['main', LONG],
      async readStatus(database) {
        asked.push(database);
        throw new Error('looked');
      },
    });
    for (const name of ['main', LONG]) {
      const args = [decodeURIComponent(referTo(name))];
      const click: ButtonClick = {
        args,
        memberId: 'm',
        level: 'observe',
        channelId: 'c',
        isPublic: true,
        progress: async () => {},
      };
      await expect(status.buttons[action].run(click, operations)).rejects.toThrow('looked');
    }
    expect(asked).toEqual(['main', LONG]);
  },
);
