import type { Clock } from '../../../src/model/clock.ts';
import type { KubeApi } from '../api/kube-api.ts';
import leases from '../resources/leases.ts';
import nodes from '../resources/nodes.ts';
import { toMicroTime, toTime } from './times.ts';

/** A machine of the cluster. */
export interface NodeSpec {
  readonly name: string;
  /** Outside the pod network. */
  readonly address: string;
  /** As in `127.20.1.0/24`. */
  readonly podCidr: string;
  /** The number of its Linode. */
  readonly linodeId: number;
}

/** How a kubelet tells that its node is there. */
export interface NodePresence {
  /** Renews its lease, and says Ready where something else is said of it. */
  beat(): void;
  /** Writes which volumes it has in use. */
  readonly reportVolumes: (inUse: readonly string[]) => void;
}

const LEASE_NAMESPACE = 'kube-node-lease';
/** The kubelet's defaults: node-lease-duration-seconds; it renews each quarter of it. */
const LEASE_SECONDS = 40;
export const BEAT_EVERY_MS = 10_000;
/** nodeStatusReportFrequency: how often it says that nothing has changed. */
const REPORT_EVERY_MS = 300_000;

/** Makes the Node and its Lease, where they are not there yet. */
export function createNodePresence(api: KubeApi, clock: Clock, spec: NodeSpec): NodePresence {
  const { name } = spec;
  register(api, clock, spec);
  return {
    beat() {
      const now = clock.now();
      api.change(leases, LEASE_NAMESPACE, name, (lease) => {
        lease.spec.renewTime = toMicroTime(now);
      });
      api.change(
        nodes,
        null,
        name,
        ({ status }) => {
          const ready = status.conditions.find(({ type }: { type: string }) => type === 'Ready');
          if (ready?.status === 'True' && now - Date.parse(ready.lastHeartbeatTime) < REPORT_EVERY_MS) return;
          const since = ready?.status === 'True' ? ready.lastTransitionTime : toTime(now);
          const others = status.conditions.filter((each: unknown) => each !== ready);
          status.conditions = [...others, readyCondition(toTime(now), since)];
        },
        'status',
      );
    },
    reportVolumes(inUse) {
      api.change(
        nodes,
        null,
        name,
        ({ status }) => {
          if (inUse.length > 0) status.volumesInUse = [...inUse].sort();
          else delete status.volumesInUse;
        },
        'status',
      );
    },
  };
}

function register(api: KubeApi, clock: Clock, { name, address, podCidr, linodeId }: NodeSpec): void {
  const now = toTime(clock.now());
  const room = { cpu: '2', 'ephemeral-storage': '80Gi', memory: '4Gi', pods: '110' };
  if (api.get(nodes, null, name) === null) {
    api.create(nodes, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: {
          'kubernetes.io/arch': 'amd64',
          'kubernetes.io/os': 'linux',
          'kubernetes.io/hostname': name,
          'topology.kubernetes.io/region': 'us-east',
        },
        annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
      },
      spec: { podCIDR: podCidr, podCIDRs: [podCidr], providerID: `linode://${linodeId}` },
    });
    const status = {
      capacity: room,
      allocatable: room,
      conditions: [readyCondition(now, now)],
      addresses: [
        { type: 'Hostname', address: name },
        { type: 'InternalIP', address },
      ],
      nodeInfo: { kubeletVersion: 'v1.36.3', operatingSystem: 'linux', architecture: 'amd64', osImage: 'Debian' },
    };
    api.change(nodes, null, name, (draft) => void Object.assign(draft, { status }), 'status');
  }
  if (api.get(leases, LEASE_NAMESPACE, name) === null) {
    api.create(leases, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace: LEASE_NAMESPACE },
      spec: { holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime: toMicroTime(clock.now()) },
    });
  }
}

function readyCondition(at: string, since: string): object {
  return {
    type: 'Ready',
    status: 'True',
    lastHeartbeatTime: at,
    lastTransitionTime: since,
    reason: 'KubeletReady',
    message: 'kubelet is posting ready status',
  };
}
