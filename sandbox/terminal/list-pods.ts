import type { KubeApi } from '../kubernetes/api/kube-api.ts';
import type { KubeObject } from '../kubernetes/api/object.ts';
import pods from '../kubernetes/resources/pods.ts';
import replicaSets from '../kubernetes/resources/replica-sets.ts';

const HEADS = ['pod', 'address', 'revision', 'node', 'status', 'age', 'sessions'];
const NONE = '–';
const REVISION = 'deployment.kubernetes.io/revision';

export interface PodsView {
  readonly api: KubeApi;
  /** Of each client backend; null where PostgreSQL does not tell. */
  readonly addresses: readonly string[] | null;
  /** As in `127.20.`: addresses that only pods get. */
  readonly podNetwork: string;
  readonly now: number;
}

/** The pods as a table, with the sessions that PostgreSQL holds for each; and those of addresses that no pod has. */
export function listPods({ api, addresses, podNetwork, now }: PodsView): string {
  const count = (address: string): string =>
    addresses === null ? '?' : String(addresses.filter((each) => each === address).length);
  const all = api.list(pods, 'default');
  const rows = all.map((pod) => {
    const address: string = pod.status?.podIP ?? NONE;
    const printed = ['Node', 'Status', 'Age'].map((column) => print(pod, column, now));
    return [pod.metadata.name, address, revisionOf(api, pod), ...printed, count(address)];
  });
  const live = new Set(all.map(({ status }) => status?.podIP));
  const orphaned = new Set((addresses ?? []).filter((each) => each.startsWith(podNetwork) && !live.has(each)));
  const gone = [...orphaned].map((address) => ['(gone)', address, NONE, NONE, NONE, NONE, count(address)]);
  return alignColumns([HEADS, ...rows, ...gone]);
}

function revisionOf(api: KubeApi, { metadata: { namespace = '', ownerReferences = [] } }: KubeObject): string {
  const owner = ownerReferences.find(({ kind }) => kind === 'ReplicaSet');
  const set = owner && api.get(replicaSets, namespace, owner.name);
  return set?.metadata.annotations?.[REVISION] ?? NONE;
}

/** As `kubectl get pods` would. */
function print(pod: KubeObject, column: string, now: number): string {
  return String(pods.columns?.find(({ name }) => name === column)?.cell(pod, now) ?? NONE);
}

function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = HEADS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
