import type { KubeObject } from '../api/object.ts';
import nodes from '../resources/nodes.ts';
import pods from '../resources/pods.ts';
import { isDeleted } from './owners.ts';
import { isFinished, isReady } from './pod-state.ts';
import { type Controller, type ControllerParts, keyOf, parseKey, runController } from './run-controller.ts';
import type { Taint } from './tolerates.ts';

/** How long a node must be gone before its pods are: `quarantineTime` of the real one. */
const QUARANTINE_MS = 40_000;

/** Removes, without waiting for a kubelet, pods that no kubelet will ever finish. */
export function createPodGarbageCollector({ api, clock }: ControllerParts): Controller {
  const missing = new Map<string, number>();

  function reconcile(key: string): number | null {
    const { namespace, name } = parseKey(key);
    const pod = api.get(pods, namespace, name);
    const node = pod?.spec.nodeName ? api.get(nodes, null, pod.spec.nodeName) : null;
    if (!pod?.spec.nodeName || node) missing.delete(key);
    if (!pod?.spec.nodeName) return null;
    if (node) {
      // The taint says that the node is off, verified by whoever set it; one that still reports is not believed to be.
      if (isDeleted(pod) && !isReady(node) && isOutOfService(node)) remove(pod);
      return null;
    }
    const from = missing.get(key) ?? clock.now();
    missing.set(key, from);
    const left = from + QUARANTINE_MS - clock.now();
    if (left > 0) return left;
    missing.delete(key);
    remove(pod);
    return null;
  }

  function remove(pod: KubeObject): void {
    const { namespace = '', name, uid } = pod.metadata;
    if (!isFinished(pod))
      api.change(pods, namespace, name, (draft) => (draft.status = { ...draft.status, phase: 'Failed' }), 'status');
    // What a finalizer holds is marked, and marked only once.
    if (pod.metadata.deletionGracePeriodSeconds !== 0 && api.get(pods, namespace, name))
      api.delete(pods, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
  }

  return runController({
    api,
    clock,
    reconcile,
    *keysOf(type, object) {
      if (type === pods) yield keyOf(object);
      if (type !== nodes) return;
      yield* api
        .list(pods, null)
        .filter(({ spec }) => spec.nodeName === object.metadata.name)
        .map(keyOf);
    },
  });
}

function isOutOfService({ spec }: KubeObject): boolean {
  return ((spec?.taints ?? []) as readonly Taint[]).some(({ key }) => key === 'node.kubernetes.io/out-of-service');
}
