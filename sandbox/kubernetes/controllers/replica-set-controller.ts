import type { KubeObject } from '../api/object.ts';
import { StatusError } from '../api/status-error.ts';
import pods from '../resources/pods.ts';
import replicaSets from '../resources/replica-sets.ts';
import { decideReplicas, summariseReplicas } from './decide-replicas.ts';
import { claimOwned, controllerOf, isDeleted, ownerReferenceTo } from './owners.ts';
import { createEventRecorder } from './record-event.ts';
import { type Controller, type ControllerParts, keyOf, parseKey, runController } from './run-controller.ts';

/** Keeps as many pods as each ReplicaSet asks for. */
export function createReplicaSetController({ api, clock }: ControllerParts): Controller {
  const record = createEventRecorder({ api, clock, component: 'replicaset-controller' });

  function reconcile(key: string): number | null {
    const { namespace, name } = parseKey(key);
    const replicaSet = api.get(replicaSets, namespace, name);
    if (!replicaSet) return null;
    let refusal: StatusError | null = null;
    if (!isDeleted(replicaSet)) {
      const plan = decideReplicas(claimOwned(api, pods, replicaSet), replicaSet.spec.replicas ?? 1);
      for (let created = 0; created < plan.create && !refusal; created += 1) refusal = createPod(replicaSet);
      for (const pod of plan.remove) {
        api.delete(pods, namespace, pod.metadata.name, { preconditions: { uid: pod.metadata.uid } });
        record(replicaSet, { reason: 'SuccessfulDelete', message: `Deleted pod: ${pod.metadata.name}` });
      }
    }
    const { status, again } = summariseReplicas(replicaSet, claimOwned(api, pods, replicaSet), clock.now());
    api.change(replicaSets, namespace, name, (draft) => (draft.status = status), 'status');
    if (refusal) throw refusal;
    return again;
  }

  function createPod(replicaSet: KubeObject): StatusError | null {
    const { name, namespace = '' } = replicaSet.metadata;
    const { metadata, spec } = replicaSet.spec.template;
    try {
      const pod = api.create(pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          ...(metadata?.labels && { labels: metadata.labels }),
          ...(metadata?.annotations && { annotations: metadata.annotations }),
          generateName: `${name}-`,
          namespace,
          ownerReferences: [ownerReferenceTo(replicaSet)],
        },
        spec,
        status: { phase: 'Pending' },
      });
      record(replicaSet, { reason: 'SuccessfulCreate', message: `Created pod: ${pod.metadata.name}` });
      return null;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      record(replicaSet, { type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${error.message}` });
      return error;
    }
  }

  return runController({
    api,
    clock,
    reconcile,
    *keysOf(type, object) {
      if (type === replicaSets) yield keyOf(object);
      if (type !== pods) return;
      const owner = controllerOf(object);
      if (owner?.kind === 'ReplicaSet') yield `${object.metadata.namespace ?? ''}/${owner.name}`;
      // A pod without an owner may be one to adopt.
      else if (!owner) yield* api.list(replicaSets, object.metadata.namespace ?? null).map(keyOf);
    },
  });
}
