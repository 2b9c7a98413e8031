import type { KubeObject } from '../api/object.ts';
import leases from '../resources/leases.ts';
import nodes from '../resources/nodes.ts';
import pods from '../resources/pods.ts';
import { conditionsOfSilent, GRACE_MS, taintsFor } from './judge-node.ts';
import { findCondition, isReady } from './pod-state.ts';
import { createEventRecorder } from './record-event.ts';
import { type Controller, type ControllerParts, parseKey, runController } from './run-controller.ts';
import { timeStamp } from './time-stamp.ts';

const LEASES = 'kube-node-lease';

/** Declares a silent node unreachable, taints what is not ready, and its pods not ready. */
export function createNodeLifecycleController({
  api,
  clock,
  graceMs = GRACE_MS,
}: ControllerParts & { readonly graceMs?: number }): Controller {
  const record = createEventRecorder({ api, clock, component: 'node-controller' });
  /** The last sign of each node, and when it was seen: its own clock is not believed. */
  const signs = new Map<string, { readonly sign: string; readonly at: number }>();
  const known = new Map<string, string>();

  function reconcile(key: string): number | null {
    const { name } = parseKey(key);
    const node = api.get(nodes, null, name);
    if (!node) {
      signs.delete(name);
      known.delete(name);
      return null;
    }
    const left = graceMs - (clock.now() - lastSign(node));
    if (left <= 0 && findCondition(node, 'Ready')?.status !== 'Unknown') {
      const conditions = conditionsOfSilent(node, clock.now());
      api.change(nodes, null, name, (draft) => (draft.status = { ...draft.status, conditions }), 'status');
    }
    api.change(nodes, null, name, (draft) => {
      const taints = taintsFor(draft, clock.now());
      if (taints.length > 0) draft.spec = { ...draft.spec, taints };
      else delete draft.spec?.taints;
    });
    const present = api.get(nodes, null, name);
    if (present) noteReadiness(present);
    return left > 0 ? left : null;
  }

  function lastSign({ metadata: { name }, status }: KubeObject): number {
    const heartbeat = findCondition({ status }, 'Ready')?.lastHeartbeatTime;
    const sign = JSON.stringify([api.get(leases, LEASES, name)?.spec?.renewTime, heartbeat]);
    const seen = signs.get(name);
    if (seen && seen.sign === sign) return seen.at;
    const at = clock.now();
    signs.set(name, { sign, at });
    return at;
  }

  /** Once for each change: a kubelet that lives says itself what is ready after that. */
  function noteReadiness(node: KubeObject): void {
    const { name } = node.metadata;
    const before = known.get(name);
    const ready = findCondition(node, 'Ready')?.status ?? 'Unknown';
    known.set(name, ready);
    if (before === undefined || before === ready || ready === 'True') return;
    if (before === 'True')
      record(node, { reason: 'NodeNotReady', message: `Node ${name} status is now: NodeNotReady` });
    for (const pod of api.list(pods, null)) if (pod.spec.nodeName === name && isReady(pod)) markNotReady(pod);
  }

  function markNotReady(pod: KubeObject): void {
    const { namespace = '', name } = pod.metadata;
    api.change(
      pods,
      namespace,
      name,
      ({ status }) => {
        for (const condition of status.conditions as readonly { type: string }[])
          if (condition.type === 'Ready')
            Object.assign(condition, { status: 'False', lastTransitionTime: timeStamp(clock.now()) });
      },
      'status',
    );
    record(pod, { type: 'Warning', reason: 'NodeNotReady', message: 'Node is not ready' });
  }

  return runController({
    api,
    clock,
    reconcile,
    *keysOf(type, { metadata }) {
      if (type === nodes || (type === leases && metadata.namespace === LEASES)) yield `/${metadata.name}`;
    },
  });
}
