import type { KubeObject } from '../../api/object.ts';
import type { Column } from '../../api/resource-type.ts';
import { AGE, ageOf, orNone } from './cells.ts';

interface Container {
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string };
    readonly terminated?: { readonly reason?: string; readonly exitCode?: number; readonly signal?: number };
  };
  readonly lastState?: { readonly terminated?: { readonly finishedAt?: string } };
}

/** Golden 015. */
export const POD_COLUMNS: readonly Column[] = [
  {
    name: 'Ready',
    cell: (pod) => `${statusesOf(pod).filter(({ ready }) => ready).length}/${pod.spec?.containers?.length ?? 0}`,
  },
  { name: 'Status', cell: printStatus },
  { name: 'Restarts', cell: printRestarts },
  AGE,
  { name: 'IP', wide: true, cell: ({ status }) => orNone(status?.podIP) },
  { name: 'Node', wide: true, cell: ({ spec }) => orNone(spec?.nodeName) },
  { name: 'Nominated Node', wide: true, cell: ({ status }) => orNone(status?.nominatedNodeName) },
  { name: 'Readiness Gates', wide: true, cell: () => '<none>' },
];

function statusesOf({ status }: KubeObject): readonly Container[] {
  return (status?.containerStatuses ?? []) as readonly Container[];
}

/** What people call a pod's state: the first container's trouble, else the phase; an end that is under way comes before all. */
function printStatus(pod: KubeObject): string {
  const { status, metadata } = pod;
  if (metadata.deletionTimestamp !== undefined) return status?.reason === 'NodeLost' ? 'Unknown' : 'Terminating';
  const troubles = statusesOf(pod).map(({ state }) => {
    const { waiting, terminated } = state ?? {};
    if (waiting) return waiting.reason;
    if (!terminated) return undefined;
    return terminated.reason ?? (terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`);
  });
  return troubles.find((trouble) => trouble) ?? status?.reason ?? status?.phase ?? 'Unknown';
}

function printRestarts(pod: KubeObject, now: number): string {
  const count = statusesOf(pod).reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
  const ends = statusesOf(pod).flatMap(({ lastState }) => lastState?.terminated?.finishedAt ?? []);
  const last = ends.sort().at(-1);
  return count === 0 || last === undefined ? String(count) : `${count} (${ageOf(last, now)} ago)`;
}
