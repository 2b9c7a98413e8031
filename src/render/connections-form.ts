import { cut } from '../model/plain-text.ts';
import { SESSION_STATES } from '../model/session-group.ts';
import { type ConnectionsPlace, connectionsId } from './connections-place.ts';
import type { Form } from './form.ts';
import { plainUntrusted } from './untrusted.ts';

/** Asks what to narrow the list to: a part of a name will do. Pure. */
export function renderNarrowForm(place: ConnectionsPlace, applications: readonly string[]): Form {
  const some = applications.slice(0, 8).map((name) => plainUntrusted(name, 30));
  return {
    id: connectionsId('narrow', place),
    title: 'Narrow the list of connections',
    fields: [
      {
        id: 'application',
        label: 'Application, or a part of its name',
        lines: 'one',
        required: false,
        maxLength: 100,
        placeholder: cut(some.join(', ') || 'site', 100),
      },
      {
        id: 'state',
        label: 'State, or a part of it',
        lines: 'one',
        required: false,
        maxLength: 40,
        placeholder: cut(SESSION_STATES.join(', '), 100),
      },
    ],
  };
}
