import type { KubeObject } from '../api/object.ts';
import nodes from '../resources/nodes.ts';
import persistentVolumeClaims from '../resources/persistent-volume-claims.ts';
import pods from '../resources/pods.ts';
import { chooseNode, claimNamesOf } from './choose-node.ts';
import { isDeleted } from './owners.ts';
import { findCondition } from './pod-state.ts';
import { createEventRecorder } from './record-event.ts';
import { type Controller, type ControllerParts, keyOf, parseKey, runController } from './run-controller.ts';
import { timeStamp } from './time-stamp.ts';

/** Binds pods to nodes. */
export function createScheduler({ api, clock }: ControllerParts): Controller {
  const record = createEventRecorder({ api, clock, component: 'default-scheduler' });

  function reconcile(key: string): number | null {
    const { namespace, name } = parseKey(key);
    const pod = api.get(pods, namespace, name);
    if (!pod || !waitsForNode(pod)) return null;
    const claims = new Map(
      claimNamesOf(pod).map((claim) => [claim, api.get(persistentVolumeClaims, namespace, claim)]),
    );
    const choice = chooseNode(pod, { nodes: api.list(nodes, null), pods: api.list(pods, null), claims });
    if (choice.kind === 'none') {
      if (findCondition(pod, 'PodScheduled')?.status === 'False' && isSaid(pod, choice.message)) return null;
      tell(pod, { status: 'False', reason: 'Unschedulable', message: choice.message });
      record(pod, { type: 'Warning', reason: 'FailedScheduling', message: choice.message });
      return null;
    }
    api.change(pods, namespace, name, ({ spec }) => (spec.nodeName = choice.name));
    tell(pod, { status: 'True' });
    record(pod, { reason: 'Scheduled', message: `Successfully assigned ${namespace}/${name} to ${choice.name}` });
    return null;
  }

  function tell({ metadata: { namespace = '', name } }: KubeObject, said: Readonly<Record<string, string>>): void {
    api.change(
      pods,
      namespace,
      name,
      (draft) => {
        const others = ((draft.status?.conditions ?? []) as readonly { type: string }[]).filter(
          ({ type }) => type !== 'PodScheduled',
        );
        const { status, ...why } = said;
        const at = { lastProbeTime: null, lastTransitionTime: timeStamp(clock.now()) };
        const condition = { type: 'PodScheduled', status, ...at, ...why };
        draft.status = { phase: 'Pending', ...draft.status, conditions: [...others, condition] };
      },
      'status',
    );
  }

  return runController({
    api,
    clock,
    reconcile,
    *keysOf(type, object) {
      if (type === pods && waitsForNode(object)) yield keyOf(object);
      // A node, a claim, or a pod that went may be what the others wait for.
      const isNews = type === nodes || type === persistentVolumeClaims || (type === pods && isDeleted(object));
      if (isNews) yield* api.list(pods, null).filter(waitsForNode).map(keyOf);
    },
  });
}

function waitsForNode(pod: KubeObject): boolean {
  const { nodeName, schedulerName = 'default-scheduler' } = pod.spec;
  return !nodeName && !isDeleted(pod) && schedulerName === 'default-scheduler';
}

function isSaid(pod: KubeObject, message: string): boolean {
  const conditions = (pod.status?.conditions ?? []) as readonly { type: string; message?: string }[];
  return conditions.some((one) => one.type === 'PodScheduled' && one.message === message);
}
