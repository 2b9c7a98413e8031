import type { KubeObject } from '../api/object.ts';
import { findCondition } from './pod-state.ts';
import { timeStamp } from './time-stamp.ts';
import type { Taint } from './tolerates.ts';

/**
 * How long a node may give no sign of life before it counts as unreachable: `--node-monitor-grace-period` of 1.36. With a
 * sign each 10 s that is 40–50 s after its death (golden 323: 51 s after its last heartbeat).
 */
export const GRACE_MS = 50_000;

const UNREACHABLE = 'node.kubernetes.io/unreachable';
const NOT_READY = 'node.kubernetes.io/not-ready';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';
const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure'];

interface NodeCondition {
  readonly type: string;
  readonly status: string;
  readonly lastHeartbeatTime?: string;
  readonly lastTransitionTime?: string;
}

/** The conditions of a node of which nothing was heard: all of them Unknown. */
export function conditionsOfSilent(node: KubeObject, now: number): readonly NodeCondition[] {
  const before: readonly NodeCondition[] = node.status?.conditions ?? [];
  const missing = ['Ready', ...PRESSURES].filter((type) => !before.some((one) => one.type === type));
  const neverUpdated = {
    status: 'Unknown',
    lastHeartbeatTime: node.metadata.creationTimestamp,
    lastTransitionTime: timeStamp(now),
    reason: 'NodeStatusNeverUpdated',
    message: 'Kubelet never posted node status.',
  };
  const unknown = {
    status: 'Unknown',
    lastTransitionTime: timeStamp(now),
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  };
  const isKept = (one: NodeCondition): boolean =>
    one.status === 'Unknown' || (one.type !== 'Ready' && !PRESSURES.includes(one.type));
  return [
    ...before.map((one) => (isKept(one) ? one : Object.assign({}, one, unknown))),
    ...missing.map((type) => Object.assign({ type }, neverUpdated)),
  ];
}

/** The taints that a node should have for its state; those of others, and the times of those that stay, are kept. */
export function taintsFor(node: KubeObject, now: number): readonly Taint[] {
  const before: readonly Taint[] = node.spec?.taints ?? [];
  const ready = findCondition(node, 'Ready')?.status;
  const key = ready === 'True' ? null : ready === 'False' ? NOT_READY : UNREACHABLE;
  // A node that never said anything is not ready yet rather than lost.
  const state = ready === undefined ? NOT_READY : key;
  const wanted: readonly Taint[] = [
    ...(node.spec?.unschedulable === true ? [{ key: UNSCHEDULABLE, effect: 'NoSchedule' }] : []),
    ...(state
      ? [
          { key: state, effect: 'NoSchedule' },
          { key: state, effect: 'NoExecute' },
        ]
      : []),
  ];
  const isSame = (one: Taint, other: Taint): boolean => one.key === other.key && one.effect === other.effect;
  const ours = new Set([UNREACHABLE, NOT_READY, UNSCHEDULABLE]);
  return [
    ...before.filter((taint) => !ours.has(taint.key) || wanted.some((one) => isSame(one, taint))),
    ...wanted
      .filter((taint) => !before.some((one) => isSame(one, taint)))
      .map(({ key, effect }) => ({ key, effect, timeAdded: timeStamp(now) })),
  ];
}
