import type { WorkloadReference } from '../model/workload-reference.ts';
import { kubectl, quoteShell } from './manual-commands.ts';
import { objectOf, scaleBackByHand, selectorByHand } from './scale-by-hand.ts';
import type { ManualCommand } from './step.ts';

// The proof of prove-server-gone.ts for a shell: what cannot be told is not proven, as each line fails where kubectl does.

/**
 * Starts it where it is proven gone, in one command: whoever goes on after the bot, or in another terminal, has nothing of what
 * was run before. Pure.
 */
export function startByHand(workload: WorkloadReference, claim: WorkloadReference): readonly ManualCommand[] {
  return [findNoteByHand(workload, claim), ...scaleBackByHand(workload, proveByHand(workload, claim))];
}

/** Prints what was written down before it was stopped; where nothing was, asks for the node. Pure. */
export function findNoteByHand(workload: WorkloadReference, claim: WorkloadReference): ManualCommand {
  return {
    say: `Prints the file ${SERVER_BEFORE}, which was written before the server was stopped.`,
    run: `[ -s ${SERVER_BEFORE} ] || { ${noteServerByHand(workload, claim, 'NODE')}; }\ncat ${SERVER_BEFORE}`,
    otherwise: `"nodes" is NODE: it was stopped elsewhere, as by the bot. Its message names the node ("… on NODE"); run sed -i s/NODE/…/ ${SERVER_BEFORE} with that name. Nobody knows it: stop here.`,
  };
}

/** Where the shell keeps what the server was before it was stopped. */
export const SERVER_BEFORE = 'server-before';

/** Writes down where the server runs, and prints it; `nodes`: a shell word, else those of its pods. Pure. */
export function noteServerByHand(workload: WorkloadReference, claim: WorkloadReference, nodes?: string): string {
  const { namespace } = workload;
  const running = `$(${kubectl(namespace, 'get', 'pods')} -l "$selector" -o 'jsonpath={.items[*].spec.nodeName}')`;
  return [
    `selector=$(${selectorByHand(workload)}) &&`,
    `uid=$(${kubectl(namespace, 'get', objectOf(workload), '-o', 'jsonpath={.metadata.uid}')}) &&`,
    `pv=$(${kubectl(claim.namespace, 'get', `persistentvolumeclaim/${claim.name}`, '-o', 'jsonpath={.spec.volumeName}')}) &&`,
    `volume=$(kubectl get persistentvolume/"$pv" -o 'jsonpath=kubernetes.io/csi/{.spec.csi.driver}^{.spec.csi.volumeHandle}') &&`,
    // It is read back as a word in such quotes, and what would end them is a command then.
    `case $volume in *"'"*) false ;; esac &&`,
    `nodes=${nodes ?? `"${running}"`} && [ -n "$nodes" ] &&`,
    `printf "%s='%s'\\n" uid "$uid" pv "$pv" volume "$volume" nodes "$nodes" selector "$selector" > ${SERVER_BEFORE} &&`,
    `cat ${SERVER_BEFORE}`,
  ].join('\n');
}

/** No name of a program: Perl brings one called `prove`, which would succeed for reasons of its own. */
const PROVE = 'prove_stopped';

/** Defines it in the shell, and runs it: it prints PROVEN and succeeds, or says what is missing. Pure. */
export function proveByHand(workload: WorkloadReference, claim: WorkloadReference): string {
  const { namespace } = workload;
  const mounting = `{{range .items}}{{$pod := .metadata.name}}{{range .spec.volumes}}{{with .persistentVolumeClaim}}{{if eq .claimName "${claim.name}"}}{{$pod}} {{end}}{{end}}{{end}}{{end}}`;
  // The shell compares: what a driver names its volume is nothing to put into a template, or through sed.
  const inUse =
    '{{range .items}}{{$node := .metadata.name}}{{range .status.volumesInUse}}{{$node}}|{{.}} {{end}}{{end}}';
  const attached = '{{range .items}}{{if eq .spec.source.persistentVolumeName "PV"}}{{.spec.nodeName}} {{end}}{{end}}';
  const now = [
    kubectl(namespace, 'get', objectOf(workload), '-o', 'jsonpath={.metadata.uid} {.spec.replicas} '),
    kubectl(claim.namespace, 'get', `persistentvolumeclaim/${claim.name}`, '-o', 'jsonpath={.spec.volumeName}'),
  ];
  return `${PROVE}() (
  no() { echo "NOT PROVEN: $*"; exit 1; }
  lease() { ${kubectl('kube-node-lease', 'get')} lease/"$1" -o 'jsonpath={.spec.renewTime}'; }
  ready() { kubectl get node/"$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}'; }
  [ -s ${SERVER_BEFORE} ] || no 'no file ${SERVER_BEFORE} here'
  . ./${SERVER_BEFORE} && [ -n "$nodes" ] && [ -n "$selector" ] || no 'the file ${SERVER_BEFORE} is not whole'
  case $volume in kubernetes.io/csi/?*^?*) ;; *) no "not a volume of a CSI driver: $volume" ;; esac
  now=$(${now.join(' && ')}) && [ "$now" = "$uid 0 $pv" ] || no "scaled up, or made anew: $now"
  pods=$(${kubectl(namespace, 'get', 'pods')} -l "$selector" -o name) && [ -z "$pods" ] || no "still there: $pods"
  pods=$(${kubectl(claim.namespace, 'get', 'pods', '-o', `go-template=${mounting}`)}) && [ -z "$pods" ] || no "mounts the claim: $pods"
  more=$(kubectl get volumeattachments -o "go-template=$(echo ${quoteShell(attached)} | sed "s|PV|$pv|")") || no 'volumeattachments?'
  for node in $nodes $more; do
    [ "$(ready "$node")" = True ] || no "node $node is not Ready, which proves nothing"
    was=$(lease "$node") && [ -n "$was" ] && sleep 15 && is=$(lease "$node") && [ -n "$is" ] || no "no Lease of $node"
    [ "$was" != "$is" ] || no "the Lease of $node is not renewed"
  done
  used=$(${kubectl(null, 'get', 'nodes', '-o', `go-template=${inUse}`)}) || no 'nodes?'
  set -f
  for each in $used; do
    case $each in *"|$volume") no "the volume is in use on \${each%%|*}" ;; esac
  done
  echo "PROVEN: the old server is gone from $nodes"
)
${PROVE}`;
}
