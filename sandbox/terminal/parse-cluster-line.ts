/** What a person does to the cluster: as whoever deploys, as fate, or as whoever looks. */
export type ClusterAct =
  | { readonly verb: 'rollout' | 'abandon' | 'break' | 'mend'; readonly workload: string }
  | { readonly verb: 'scale'; readonly workload: string; readonly replicas: number }
  | { readonly verb: 'kill-node' | 'revive-node'; readonly node: string }
  /** `pod`: its name, or how it begins. */
  | { readonly verb: 'crash-pod'; readonly pod: string }
  | { readonly verb: 'api'; readonly turns: 'outage' | 'back' }
  | { readonly verb: 'pods' }
  | { readonly verb: 'kubectl'; readonly args: readonly string[] };

export type ClusterLine = { readonly act: ClusterAct } | { readonly reason: string };

/** Each verb with what stands behind it, as a person would type it. */
const EXAMPLES: Readonly<Record<ClusterAct['verb'], string>> = {
  rollout: 'rollout site',
  abandon: 'abandon site',
  scale: 'scale site 3',
  break: 'break redis',
  mend: 'mend redis',
  'kill-node': 'kill-node lke-node-2',
  'revive-node': 'revive-node lke-node-2',
  'crash-pod': 'crash-pod metabase',
  api: 'api outage, or api back',
  pods: 'pods',
  kubectl: 'kubectl get pods',
};
export const CLUSTER_VERBS = Object.keys(EXAMPLES) as readonly ClusterAct['verb'][];

/** Reads a line about the cluster, as in `scale site 3`; null for a line about something else. Pure. */
export function parseClusterLine(line: string): ClusterLine | null {
  const words = line.trim().split(/\s+/);
  const verb = CLUSTER_VERBS.find((each) => each === words[0]);
  if (verb === undefined) return null;
  const act = readAct(verb, words.slice(1), line);
  return act === null ? { reason: `As in: ${EXAMPLES[verb]}.` } : { act };
}

function readAct(verb: ClusterAct['verb'], words: readonly string[], line: string): ClusterAct | null {
  const [word = '', number = ''] = words;
  if (verb === 'kubectl') return { verb, args: splitArguments(line.trim().slice(verb.length)) };
  if (words.length !== (verb === 'pods' ? 0 : verb === 'scale' ? 2 : 1)) return null;
  switch (verb) {
    case 'rollout':
    case 'abandon':
    case 'break':
    case 'mend':
      return { verb, workload: word };
    case 'scale':
      return /^\d{1,3}$/.test(number) ? { verb, workload: word, replicas: Number(number) } : null;
    case 'kill-node':
    case 'revive-node':
      return { verb, node: word };
    case 'crash-pod':
      return { verb, pod: word };
    case 'api':
      return word === 'outage' || word === 'back' ? { verb, turns: word } : null;
    case 'pods':
      return { verb };
  }
}

/** By blanks, which quotes hold together, as a shell does. */
function splitArguments(text: string): readonly string[] {
  const found = text.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return found.map((each) => each.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}
