import { describe, expect, it } from 'vitest';
import connections from '../../commands/db/connections.ts';
import locks from '../../commands/db/locks.ts';
import type { ButtonClick } from '../../src/discord/command.ts';
import type { ConnectionsReport } from '../../src/model/connections-report.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import type { ConnectionsRequest } from '../../src/operations/read-connections.ts';
import { connectionsId } from '../../src/render/connections-place.ts';
import { referTo } from '../../src/render/name-reference.ts';
import { NOW } from '../support/builders.ts';
import { fakeOperations } from '../support/operations.ts';

const LONG = 'database-of-the-moderation-team-with-a-name-that-fills-63-bytes';

function world() {
  const asked: (ConnectionsRequest | string | undefined)[] = [];
  const operations = fakeOperations({
    databases: ['main', LONG],
    applications: () => ['site', 'bot'],
    async readConnections(request) {
      asked.push(request);
      return emptyReport;
    },
    async readLocks(database) {
      asked.push(database);
      return { database: 'main', at: NOW, tree: unseen('x', NOW), sample: unseen('x', NOW), configured: [] };
    },
  });
  return { asked, operations };
}

const emptyReport: ConnectionsReport = {
  database: 'main',
  at: NOW,
  filter: { application: null, state: null },
  sessions: seen([], NOW),
  groups: seen([], NOW),
  total: 0,
  holders: [],
  others: [],
};

/** As the router takes a custom id apart. */
function click(id: string): ButtonClick {
  const args = id.split(':').slice(2).map(decodeURIComponent);
  return { args, memberId: 'm', level: 'observe', channelId: 'c', isPublic: true, progress: async () => {} };
}

const place = {
  database: LONG,
  filter: { application: 'site', state: 'idle in transaction' },
  page: 3,
  fingerprint: 'a1b2c3',
} as const;
const narrowed = { database: LONG, application: 'site', state: 'idle in transaction' };

describe('/db connections', () => {
  it.each(['page', 'refresh', 'csv'] as const)('reads again at %s what the button carries', async (action) => {
    const { asked, operations } = world();
    await connections.buttons[action].run(click(connectionsId(action, place)), operations);
    expect(asked).toEqual([narrowed]);
  });

  it('widens to the whole database, though the application is gone', async () => {
    const { asked, operations } = world();
    const gone = { ...place, filter: { application: 'x'.repeat(70), state: null } };
    await connections.buttons.widen.run(click(connectionsId('widen', gone)), operations);
    expect(asked).toEqual([{ database: LONG, application: null, state: null }]);
    await expect(connections.buttons.page.run(click(connectionsId('page', gone)), operations)).rejects.toThrow(
      /not known any more/,
    );
  });

  it('is shown from another message, whatever else that button carries', async () => {
    const { asked, operations } = world();
    await connections.buttons.show.run(click(`db.connections:show:${referTo(LONG)}:a1b2c3d4e5.1`), operations);
    expect(asked).toEqual([{ database: LONG, application: null, state: null }]);
  });

  it('narrows to what was typed, in part or in full', async () => {
    const { asked, operations } = world();
    const form = connections.buttons.narrow.ask(click(connectionsId('narrow', place)), operations);
    expect(form.id.length).toBeLessThanOrEqual(100);
    expect(form.title.length).toBeLessThanOrEqual(45);
    for (const { label, placeholder = '' } of form.fields) {
      expect([label.length <= 45, placeholder.length <= 100]).toEqual([true, true]);
    }
    await connections.forms.narrow.run(
      { ...click(form.id), fields: { application: 'bo', state: 'aborted' } },
      operations,
    );
    expect(asked).toEqual([{ database: LONG, application: 'bot', state: 'idle in transaction (aborted)' }]);
  });

  it('completes applications and states by any part of their names', () => {
    const { operations } = world();
    const [, application, state] = connections.options;
    expect(application?.autocomplete('IT', operations)).toEqual(['site']);
    expect(state?.autocomplete('trans', operations)).toEqual(['idle in transaction', 'idle in transaction (aborted)']);
  });
});

describe('/db locks', () => {
  it.each(['refresh', 'show'] as const)('reads the database that its button %s carries', async (action) => {
    const { asked, operations } = world();
    await locks.buttons[action].run(click(`db.locks:${action}:${referTo(LONG)}:letter`), operations);
    expect(asked).toEqual([LONG]);
  });
});
