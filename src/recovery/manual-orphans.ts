import { DEFAULT_OLDER_THAN_MS } from '../model/stale-criteria.ts';
import { kubectl, psql, psqlWith, type Server } from './manual-commands.ts';
import { endSessions, listSessions, type ManualScope } from './manual-sessions.ts';
import type { ManualCommand } from './step.ts';

/** One address at a time: a list of pods that fails to come must not make everybody an orphan. Pure. */
export function endOrphans({
  server,
  ...scope
}: Omit<ManualScope, 'where'> & { readonly server: Server }): readonly ManualCommand[] {
  return [
    {
      say: 'List the addresses of the sessions that are a minute old, with how many each has.',
      run: psql(server, countAddresses({ ...scope, where: ORPHANED })),
    },
    { say: 'List the pods that live, with their addresses; do it after the sessions.', run: LIVE_PODS },
    {
      say: 'An address in a pod network that is on the first list and on no line of the second is nobody’s any more. Put it in place of 192.0.2.1, which nobody has, and end its sessions.',
      run: psqlWith(
        server,
        { name: 'address', value: '192.0.2.1' },
        endSessions({ ...scope, where: `${ORPHANED} and host(client_addr) = :'address'` }),
      ),
    },
  ];
}

const LEAST = `now() - interval '${DEFAULT_OLDER_THAN_MS.orphaned} milliseconds'`;
/** An active one only while it waits for its client (product.md §6). */
const WAITS = `wait_event_type = 'Client' and wait_event in ('ClientRead', 'ClientWrite') and state_change <= ${LEAST}`;
const ORPHANED = `backend_start <= ${LEAST} and (state <> 'active' or ${WAITS})`;

const LIVE_PODS = kubectl(
  'get',
  'pods',
  '--all-namespaces',
  '-o',
  'wide',
  '--field-selector=status.phase!=Succeeded,status.phase!=Failed',
);

function countAddresses(scope: ManualScope): string {
  return `select client_addr, count(*) from (${listSessions(scope)}) as listed group by client_addr order by count(*) desc`;
}
