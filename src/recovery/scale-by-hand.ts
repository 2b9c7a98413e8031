import { HELD_REPLICAS } from '../model/cluster-changes.ts';
import type { WorkloadReference } from '../model/workload-reference.ts';
import { kubectl } from './shell-words.ts';
import type { ManualCommand } from './step.ts';

// None of these needs a number to be known, and each fails rather than guess: kubectl annotate refuses to overwrite, and
// --current-replicas refuses where somebody else has scaled meanwhile.

/** Scales to 0, with its replicas remembered in the annotation, and waits for its pods. */
export function scaleToZeroByHand(reference: WorkloadReference): readonly ManualCommand[] {
  const { namespace, kind, name } = reference;
  const read = kubectl(namespace, 'get', kind, name, '--output', 'jsonpath={.spec.replicas}');
  const remember = `${kubectl(namespace, 'annotate', kind, name)} "${HELD_REPLICAS}=$replicas"`;
  const scale = `${kubectl(namespace, 'scale', kind, name)} --current-replicas="$replicas" --replicas=0`;
  return [
    {
      say: `Writes how many pods ${name} has into its annotation ${HELD_REPLICAS}, and scales it to 0. It does nothing where it is at 0 already.`,
      run: `replicas=$(${read}) && [ "$replicas" -gt 0 ] && ${remember} && ${scale}`,
    },
    {
      say: 'Waits until its pods are gone. Never force one: its process may live on.',
      run: `${kubectl(namespace, 'wait', 'pod', '--for=delete', '--timeout=5m')} --selector "$(${selectorByHand(reference)})"`,
    },
  ];
}

/** Scales back to what the annotation remembers, forgets it, and waits until its pods are ready. */
export function scaleBackByHand({ namespace, kind, name }: WorkloadReference): readonly ManualCommand[] {
  const path = `jsonpath={.metadata.annotations.${HELD_REPLICAS.replaceAll('.', '\\.')}}`;
  const read = kubectl(namespace, 'get', kind, name, '--output', path);
  const scale = `${kubectl(namespace, 'scale', kind, name)} --current-replicas=0 --replicas="$replicas"`;
  const forget = kubectl(namespace, 'annotate', kind, name, `${HELD_REPLICAS}-`);
  return [
    {
      say: `Scales ${name} back to what its annotation ${HELD_REPLICAS} says, and takes the annotation away. Without an annotation it was not held, and nothing is done.`,
      run: `replicas=$(${read}) && [ -n "$replicas" ] && ${scale} && ${forget}`,
    },
    {
      say: 'Waits until its pods are ready.',
      run: kubectl(namespace, 'rollout', 'status', kind, name, '--timeout=10m'),
    },
  ];
}

/** Prints the labels that its pods bear, as --selector takes them. */
export function selectorByHand({ namespace, kind, name }: WorkloadReference): string {
  const labels = '{{range $k, $v := .spec.selector.matchLabels}}{{$comma}}{{$k}}={{$v}}{{$comma = ","}}{{end}}';
  return kubectl(namespace, 'get', kind, name, '--output', `go-template={{$comma := ""}}${labels}`);
}
