import type { ButtonClick, Command } from '../../src/discord/command.ts';
import { SESSION_STATES } from '../../src/model/session-group.ts';
import { matchName } from '../../src/operations/match-name.ts';
import type { Operations } from '../../src/operations/operations.ts';
import { renderConnectionsCsv } from '../../src/render/connections-csv.ts';
import { renderNarrowForm } from '../../src/render/connections-form.ts';
import { renderConnections } from '../../src/render/connections-message.ts';
import { type ConnectionsPlace, readConnectionsPlace } from '../../src/render/connections-place.ts';
import type { Message } from '../../src/render/message.ts';

export default {
  description: 'Who holds the connections, by application and pod; every session as CSV',
  access: 'observe',
  answer: 'public-in-alert-channel',
  options: [
    {
      name: 'database',
      description: 'Which database; may be left out when there is only one',
      autocomplete: (typed, { databases }) => containing(databases, typed),
    },
    {
      name: 'application',
      description: 'Only the sessions of this application',
      autocomplete: (typed, operations) => containing(operations.applications(), typed),
    },
    {
      name: 'state',
      description: 'Only the sessions in this state',
      autocomplete: (typed) => containing(SESSION_STATES, typed),
    },
  ],
  run: async ({ options: { database, application, state } }, operations) =>
    renderConnections(await operations.readConnections({ database, application, state })),
  buttons: {
    page: { access: 'observe', answer: 'edit', run: turn },
    refresh: { access: 'observe', answer: 'edit', run: turn },
    widen: { access: 'observe', answer: 'edit', run: showAll },
    narrow: {
      access: 'observe',
      answer: 'form',
      ask: (click, operations) => renderNarrowForm(placeOf(click, operations), operations.applications()),
    },
    csv: {
      access: 'observe',
      answer: 'new',
      run: async (click, operations) => renderConnectionsCsv(await read(placeOf(click, operations), operations)),
    },
    /** From an alert's message, or the status: a new answer beside it. */
    show: { access: 'observe', answer: 'new', run: showAll },
  },
  forms: {
    narrow: {
      access: 'observe',
      answer: 'edit',
      async run(submission, operations) {
        const { database } = placeOf({ args: submission.args.slice(0, 1) }, operations);
        const application = matchName('application', submission.fields['application'], operations.applications());
        const state = matchName('state', submission.fields['state'], SESSION_STATES);
        return renderConnections(await operations.readConnections({ database, application, state }));
      },
    },
  },
} satisfies Command;

async function turn(click: Pick<ButtonClick, 'args'>, operations: Operations): Promise<Message> {
  const place = placeOf(click, operations);
  return renderConnections(await read(place, operations), place);
}

/** Of the button only the database counts: what follows it may be gone, or belong to the message that carries it. */
function showAll({ args }: Pick<ButtonClick, 'args'>, operations: Operations): Promise<Message> {
  return turn({ args: args.slice(0, 1) }, operations);
}

function read({ database, filter }: ConnectionsPlace, operations: Operations) {
  return operations.readConnections({ database, ...filter });
}

function placeOf({ args }: Pick<ButtonClick, 'args'>, operations: Operations): ConnectionsPlace {
  return readConnectionsPlace(args, { databases: operations.databases, applications: operations.applications() });
}

function containing(names: readonly string[], typed: string): readonly string[] {
  return names.filter((name) => name.toLowerCase().includes(typed.toLowerCase()));
}
