import { DEFAULT_OLDER_THAN_MS } from '../model/stale-criteria.ts';
import { kubectl, psql, type Server } from './manual-commands.ts';
import { endSessions, listAddresses, type ManualScope } from './manual-sessions.ts';
import type { ManualCommand } from './step.ts';

/**
 * By hand as the bot does it: sessions first, then the pods, and one address at a time, looked for among the pods once more. A
 * list of pods that fails to come makes nobody an orphan. Pure.
 */
export function endOrphans({
  server,
  ...scope
}: Omit<ManualScope, 'where'> & { readonly server: Server }): readonly ManualCommand[] {
  const held = psql(server, listAddresses({ ...scope, where: ORPHANED }));
  const ofAddress = `${ORPHANED}\n  and host(client_addr) = :'address'`;
  const end = psql(server, `${endSessions({ ...scope, where: ofAddress })};`, { address: '"$address"' });
  return [
    {
      say: 'Prints the pod networks, and then each address that holds sessions and is no living pod’s: address, sessions, role.',
      run: [
        `held=$(${held}\n) &&`,
        `live=$(${LIVE_ADDRESSES}) && [ -n "$live" ] &&`,
        `${kubectl(null, 'get', 'nodes', '-o', 'jsonpath=pod networks: {.items[*].spec.podCIDRs}{"\\n"}')} &&`,
        `echo "$held" | grep -vwF "$live"; echo "of $(echo "$live" | wc -l) living addresses"`,
      ].join('\n'),
      otherwise:
        'No address, or only ones outside of the pod networks: nobody is orphaned, go on. An error: end nobody.',
    },
    {
      say: 'For each address above that is in a pod network, and not its first one (.0 or .1 are a node’s own): put it in place of 192.0.2.1, which nobody has. It ends the sessions of that address, unless a pod has it by now.',
      run: [
        `address=192.0.2.1`,
        `live=$(${LIVE_ADDRESSES}) && [ -n "$live" ] &&`,
        `if echo "$live" | grep -qxF "$address"; then echo "a pod has $address"; else ${end}\nfi`,
      ].join('\n'),
    },
  ];
}

const LEAST = `now() - interval '${DEFAULT_OLDER_THAN_MS.orphaned / 1_000} s'`;
/** An active one only while it waits for its client (product.md §6). */
const WAITS = `wait_event_type = 'Client' and wait_event in ('ClientRead', 'ClientWrite') and state_change <= ${LEAST}`;
const ORPHANED = `backend_start <= ${LEAST} and (state <> 'active' or ${WAITS})`;

/** Of every pod that lives, one a line. */
const LIVE_ADDRESSES = kubectl(
  null,
  'get',
  'pods',
  '--all-namespaces',
  '--field-selector=status.phase!=Succeeded,status.phase!=Failed',
  '-o',
  'jsonpath={range .items[*].status.podIPs[*]}{.ip}{"\\n"}{end}',
);
