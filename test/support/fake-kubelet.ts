import type { KubeApi } from '../../sandbox/kubernetes/api/kube-api.ts';
import type { KubeObject } from '../../sandbox/kubernetes/api/object.ts';
import { uniqueVolumeName } from '../../sandbox/kubernetes/controllers/csi-volume.ts';
import { findNeededVolumes } from '../../sandbox/kubernetes/controllers/needed-volumes.ts';
import { timeStamp } from '../../sandbox/kubernetes/controllers/time-stamp.ts';
import leases from '../../sandbox/kubernetes/resources/leases.ts';
import nodes from '../../sandbox/kubernetes/resources/nodes.ts';
import persistentVolumeClaims from '../../sandbox/kubernetes/resources/persistent-volume-claims.ts';
import persistentVolumes from '../../sandbox/kubernetes/resources/persistent-volumes.ts';
import pods from '../../sandbox/kubernetes/resources/pods.ts';
import type { Clock } from '../../src/model/clock.ts';

export interface FakeKubelet {
  /** The node loses its power: nothing of it is heard, and it says nothing more. */
  die(): void;
  revive(): void;
  /** Ends a pod's container with this exit status. */
  finish(name: string, exitCode: number): void;
  stop(): void;
}

/** A node that runs nothing, and says what a kubelet says: pods start and stop after so many milliseconds. */
export function startFakeKubelet({
  api,
  clock,
  node,
  startMs = 1_000,
  stopMs = 1_000,
}: {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly node: string;
  readonly startMs?: number;
  readonly stopMs?: number;
}): FakeKubelet {
  const stopping = new AbortController();
  const busy = new Set<string>();
  let alive = true;
  const at = (): string => timeStamp(clock.now());

  api.create(nodes, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: node, labels: { host: node } },
    spec: {},
    status: {},
  });
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', spec: {} };
  api.create(leases, { ...lease, metadata: { name: node, namespace: 'kube-node-lease' } });

  function beat(): void {
    api.change(leases, 'kube-node-lease', node, ({ spec }) => (spec.renewTime = new Date(clock.now()).toISOString()));
    api.change(
      nodes,
      null,
      node,
      (draft) => {
        const before = draft.status.conditions?.[0];
        const since = before?.status === 'True' ? before.lastTransitionTime : at();
        const ready = { type: 'Ready', status: 'True', lastHeartbeatTime: at(), lastTransitionTime: since };
        draft.status.conditions = [{ ...ready, reason: 'KubeletReady', message: 'fake' }];
      },
      'status',
    );
  }

  async function keepBeating(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (alive) beat();
      await clock.sleep(10_000, stopping.signal);
    }
  }

  function look(): void {
    if (!alive || stopping.signal.aborted) return;
    const mine = api.list(pods, null).filter(({ spec }) => spec.nodeName === node);
    for (const pod of mine) void attend(pod);
    const mounted = [...findNeededVolumes(world(mine)).values()].map(({ volume }) => uniqueVolumeName(volume));
    api.change(
      nodes,
      null,
      node,
      ({ status }) => {
        if (mounted.length > 0) status.volumesInUse = mounted;
        else delete status.volumesInUse;
      },
      'status',
    );
  }

  function world(mine: readonly KubeObject[]) {
    return { pods: mine, claims: api.list(persistentVolumeClaims, null), volumes: api.list(persistentVolumes, null) };
  }

  async function attend(pod: KubeObject): Promise<void> {
    const { uid, deletionTimestamp } = pod.metadata;
    const isGoing = deletionTimestamp !== undefined;
    const isNew = !isGoing && !pod.status?.startTime && isAttached(pod);
    if ((!isGoing && !isNew) || busy.has(uid) || (isGoing && pod.metadata.deletionGracePeriodSeconds === 0)) return;
    busy.add(uid);
    await clock.sleep(isGoing ? stopMs : startMs, stopping.signal);
    busy.delete(uid);
    const { namespace = '', name } = pod.metadata;
    if (!alive || stopping.signal.aborted || api.get(pods, namespace, name)?.metadata.uid !== uid) return;
    if (isGoing) api.delete(pods, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
    else say(pod, true, { phase: 'Running', podIP: '127.8.0.1', startTime: at() }, { running: { startedAt: at() } });
  }

  function say(pod: KubeObject, ready: boolean, status: object, state: object): void {
    api.change(
      pods,
      pod.metadata.namespace ?? '',
      pod.metadata.name,
      (draft) => {
        const others = (draft.status.conditions ?? []).filter(({ type }: { type: string }) => type !== 'Ready');
        const condition = { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: at() };
        Object.assign(draft.status, status, { conditions: [...others, condition] });
        draft.status.containerStatuses = [{ name: 'c', ready, restartCount: 0, state }];
      },
      'status',
    );
  }

  function isAttached(pod: KubeObject): boolean {
    const attached: readonly { name: string }[] = api.get(nodes, null, node)?.status.volumesAttached ?? [];
    return [...findNeededVolumes(world([pod])).values()].every(({ volume }) =>
      attached.some(({ name }) => name === uniqueVolumeName(volume)),
    );
  }

  const unwatch = api.watch(({ resource }) => {
    if (resource === pods || resource === nodes) queueMicrotask(look);
  });
  void keepBeating();

  return {
    die: () => (alive = false),
    revive() {
      alive = true;
      beat();
      look();
    },
    finish(name, exitCode) {
      const pod = api.list(pods, null).find(({ metadata }) => metadata.name === name);
      if (!pod) throw new Error(`no pod ${name}`);
      const terminated = { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', finishedAt: at() };
      say(pod, false, { phase: exitCode === 0 ? 'Succeeded' : 'Failed' }, { terminated });
    },
    stop() {
      stopping.abort();
      unwatch();
    },
  };
}
