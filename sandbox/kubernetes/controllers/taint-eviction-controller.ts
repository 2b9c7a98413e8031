import type { KubeObject } from '../api/object.ts';
import nodes from '../resources/nodes.ts';
import pods from '../resources/pods.ts';
import { isDeleted } from './owners.ts';
import { createEventRecorder } from './record-event.ts';
import { type Controller, type ControllerParts, keyOf, parseKey, runController } from './run-controller.ts';
import { timeStamp } from './time-stamp.ts';
import { isTolerated, type Taint, type Toleration, tolerates } from './tolerates.ts';

/** Deletes pods from nodes with NoExecute taints, at once or after the time that they tolerate them. */
export function createTaintEvictionController({ api, clock }: ControllerParts): Controller {
  const record = createEventRecorder({ api, clock, component: 'taint-eviction-controller' });
  const since = new Map<string, number>();

  function reconcile(key: string): number | null {
    const { namespace, name } = parseKey(key);
    const pod = api.get(pods, namespace, name);
    const node = pod?.spec.nodeName ? api.get(nodes, null, pod.spec.nodeName) : null;
    const tolerated = pod && node && !isDeleted(pod) ? toleratedMs(pod, node) : null;
    if (!pod || tolerated === null) {
      since.delete(key);
      return null;
    }
    const from = since.get(key) ?? clock.now();
    since.set(key, from);
    const left = from + tolerated - clock.now();
    if (left > 0) return left;
    since.delete(key);
    evict(pod);
    return null;
  }

  function evict({ metadata: { namespace = '', name, uid } }: KubeObject): void {
    const pod = api.change(
      pods,
      namespace,
      name,
      (draft) => {
        const condition = {
          type: 'DisruptionTarget',
          status: 'True',
          lastProbeTime: null,
          lastTransitionTime: timeStamp(clock.now()),
          reason: 'DeletionByTaintManager',
          message: 'Taint manager: deleting due to NoExecute taint',
        };
        draft.status = { ...draft.status, conditions: [...(draft.status?.conditions ?? []), condition] };
      },
      'status',
    );
    if (!pod) return;
    record(pod, { reason: 'TaintManagerEviction', message: `Marking for deletion Pod ${namespace}/${name}` });
    api.delete(pods, namespace, name, { preconditions: { uid } });
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

/** How long the pod may stay, milliseconds: 0 where it tolerates one of the taints not at all, null where it may for good. */
export function toleratedMs(pod: KubeObject, node: KubeObject): number | null {
  const taints = ((node.spec?.taints ?? []) as readonly Taint[]).filter(({ effect }) => effect === 'NoExecute');
  const tolerations: readonly Toleration[] = pod.spec.tolerations ?? [];
  if (taints.some((taint) => !isTolerated(taint, tolerations))) return 0;
  const limits = tolerations
    .filter((toleration) => taints.some((taint) => tolerates(toleration, taint)))
    .flatMap(({ tolerationSeconds }) => (tolerationSeconds === undefined ? [] : [Math.max(0, tolerationSeconds)]));
  return limits.length > 0 ? Math.min(...limits) * 1_000 : null;
}
