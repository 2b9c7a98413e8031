import { HELD_REPLICAS } from '../model/cluster-changes.ts';
import type { WorkloadReference } from '../model/workload-reference.ts';
import { kubectl } from './manual-commands.ts';
import type { ManualCommand } from './step.ts';

// None of these needs a number to be known, and each fails rather than guess: kubectl annotate refuses to overwrite, and
// --current-replicas refuses where somebody else has scaled meanwhile.

/** Scales to 0, with its replicas remembered in the annotation; only after `guard`, a command. Pure. */
export function scaleToZeroByHand(reference: WorkloadReference, guard: string | null = null): ManualCommand {
  const { namespace, name } = reference;
  const object = objectOf(reference);
  const read = kubectl(namespace, 'get', object, '-o', 'jsonpath={.spec.replicas}');
  const remember = `${kubectl(namespace, 'annotate', object)} "${HELD_REPLICAS}=$replicas"`;
  const scale = `${kubectl(namespace, 'scale', object)} --current-replicas="$replicas" --replicas=0`;
  return {
    say: `Remembers how many replicas ${name} has, in an annotation, and scales it to 0. The last word must be "scaled".`,
    run: `${guard === null ? '' : `${guard} &&\n`}replicas=$(${read}) && echo "${name} has $replicas" && [ "$replicas" -gt 0 ] &&\n${remember} &&\n${scale}`,
    otherwise: `"${name} has 0" and no more: it is at 0 already, go on. "already has a value": somebody held it and scaled it up again; run ${kubectl(namespace, 'annotate', object, `${HELD_REPLICAS}-`)} and then this once more. "Expected replicas": somebody scales it just now; find out who.`,
  };
}

/** Waits for its pods, and shows that none is left. `ended`: whether pods that have ended count as well. Pure. */
export function awaitPodsGoneByHand(
  reference: WorkloadReference,
  { ended, otherwise }: { readonly ended: boolean; readonly otherwise: string },
): ManualCommand {
  const scope = ended ? [] : ['--field-selector=status.phase!=Succeeded,status.phase!=Failed'];
  const wait = kubectl(reference.namespace, 'wait', 'pod', '--for=delete', '--timeout=5m', ...scope);
  const list = kubectl(reference.namespace, 'get', 'pods', '-o', 'wide', ...scope);
  return {
    say: 'Waits until its pods are gone, Terminating ones too; 5 min at most. It must end with "No resources found".',
    run: `selector=$(${selectorByHand(reference)}) &&\n${wait} -l "$selector"; ${list} -l "$selector"`,
    otherwise,
  };
}

/** Scales back to what the annotation remembers, forgets it, and waits until its pods are ready; only after `guard`, a command. Pure. */
export function scaleBackByHand(reference: WorkloadReference, guard: string | null = null): readonly ManualCommand[] {
  const { namespace, name } = reference;
  const object = objectOf(reference);
  const path = `jsonpath={.metadata.annotations.${HELD_REPLICAS.replaceAll('.', '\\.')}}`;
  const read = kubectl(namespace, 'get', object, '-o', path);
  const scale = `${kubectl(namespace, 'scale', object)} --current-replicas=0 --replicas="$replicas"`;
  const forget = kubectl(namespace, 'annotate', object, `${HELD_REPLICAS}-`);
  const look = `replicas=$(${read}) && echo "${name} had \${replicas:-nothing remembered}" && [ -n "$replicas" ]`;
  return [
    {
      say: `${guard === null ? 'Scales' : 'It takes 15 s. Only after PROVEN it scales'} ${name} back to what its annotation remembers, and takes the annotation away. The last word must be "annotated".`,
      run: `${guard === null ? '' : `${guard} &&\n`}${look} &&\n${scale} &&\n${forget}`,
      otherwise: `${guard === null ? '' : 'NOT PROVEN: nothing was started; wait, and run it again. '}"${name} had nothing remembered": it was at 0 before, or is back already: leave it. "Expected replicas": somebody has scaled it up: run ${forget}`,
    },
    {
      say: 'Waits until its pods are ready; 10 min at most. It must end with "successfully rolled out".',
      run: kubectl(namespace, 'rollout', 'status', object, '--timeout=10m'),
      otherwise: `See what its pods say: ${kubectl(namespace, 'describe', 'pods')}, and ${kubectl(namespace, 'logs', object)}. Do not go on before it is ready.`,
    },
  ];
}

/** Prints the labels that its pods bear, as -l takes them. Pure. */
export function selectorByHand(reference: WorkloadReference): string {
  const labels = '{{range $k, $v := .spec.selector.matchLabels}}{{$comma}}{{$k}}={{$v}}{{$comma = ","}}{{end}}';
  return kubectl(reference.namespace, 'get', objectOf(reference), '-o', `go-template={{$comma := ""}}${labels}`);
}

/** `deployment/site`. */
export function objectOf({ kind, name }: Pick<WorkloadReference, 'kind' | 'name'>): string {
  return `${kind}/${name}`;
}
