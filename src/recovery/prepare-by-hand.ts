import type { RecoverySettings } from './facts.ts';
import { kubectl, psql } from './manual-commands.ts';
import { countFree, countHolders } from './manual-sessions.ts';
import { objectOf } from './scale-by-hand.ts';
import type { ManualCommand } from './step.ts';

/** What comes before every rung: where one is, and how the server is. Pure. */
export function prepareByHand({ workload, connection }: RecoverySettings): readonly ManualCommand[] {
  const here = 'by_hand="by-hand-$(date -u +%Y%m%d-%H%M%S)" && mkdir "$by_hand" && cd "$by_hand" && pwd';
  const where =
    workload === null
      ? []
      : ['kubectl config current-context', kubectl(workload.namespace, 'get', objectOf(workload), '-o', 'wide')];
  return [
    {
      say: `Makes a directory for what is written down${workload === null ? '' : ', and prints the cluster and the server in it'}. Do everything below in this one terminal, in sh or bash.`,
      run: [here, ...where].join('\n'),
      ...(workload !== null && {
        otherwise:
          'Another cluster, or NotFound: export KUBECONFIG=… with the path of the right one. Forbidden: somebody else has the rights, or /db recover does it.',
      }),
    },
    {
      say: 'How the server is: "recovering" must be f; "free" is how many ordinary clients could still come in; then who holds the connections. This is the look after each rung. Rungs 2 and 3 name one application: where another holds the most, put its role and its workload in place of that one’s.',
      run: psql(connection, `${countFree}\n${countHolders}`),
      otherwise: explainRefusals(workload, connection.port),
    },
  ];
}

function explainRefusals(workload: RecoverySettings['workload'], port: number): string {
  const forward =
    workload === null
      ? ''
      : ` "could not translate host name": run ${kubectl(workload.namespace, 'port-forward', objectOf(workload), `${port}`)} in a second terminal (again after each restart of the server), and export PGHOSTADDR=127.0.0.1 here.`;
  return `A password is asked for: that of the superuser postgres, from your password store; export PGPASSWORD=… spares typing it. Another superuser: export PGUSER=….${forward} "starting up" or "recovery": wait, restart nothing. "too many clients": not even the reserved slots are free, start with rung 3. "timeout expired", or nothing for a minute: it hangs, start with rung 4.`;
}
