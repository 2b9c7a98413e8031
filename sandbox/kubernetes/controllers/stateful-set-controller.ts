import type { KubeObject } from '../api/object.ts';
import persistentVolumeClaims from '../resources/persistent-volume-claims.ts';
import pods from '../resources/pods.ts';
import statefulSets from '../resources/stateful-sets.ts';
import { decideStatefulSet, REVISION_LABEL, summariseStatefulSet } from './decide-stateful-set.ts';
import { hashTemplate } from './hash-template.ts';
import { claimOwned, controllerOf, isDeleted, ownerReferenceTo } from './owners.ts';
import { createEventRecorder } from './record-event.ts';
import { type Controller, type ControllerParts, keyOf, parseKey, runController } from './run-controller.ts';

/**
 * Keeps each StatefulSet's pods, by name and in order, with their claims. It keeps no ControllerRevisions: a pod that dies
 * in the middle of a rolling update comes back with the newest template.
 */
export function createStatefulSetController({ api, clock }: ControllerParts): Controller {
  const record = createEventRecorder({ api, clock, component: 'statefulset-controller' });

  function reconcile(key: string): number | null {
    const { namespace, name } = parseKey(key);
    const set = api.get(statefulSets, namespace, name);
    if (!set) return null;
    const revision = `${name}-${hashTemplate(set.spec.template)}`;
    const steps = isDeleted(set) ? [] : decideStatefulSet(set, claimOwned(api, pods, set), revision, clock.now());
    for (const step of steps) {
      if (step.act === 'create') createPod(set, `${name}-${step.ordinal}`, revision);
      else deletePod(set, step.pod);
    }
    const { status, again } = summariseStatefulSet(set, claimOwned(api, pods, set), revision, clock.now());
    api.change(statefulSets, namespace, name, (draft) => (draft.status = status), 'status');
    return again;
  }

  function createPod(set: KubeObject, name: string, revision: string): void {
    const { namespace = '', name: setName } = set.metadata;
    // Somebody else's pod of that name, or one that is going: the name is not ours to take yet.
    if (api.get(pods, namespace, name)) return;
    const { metadata, spec } = set.spec.template;
    const volumes = createClaims(set, name);
    const replaced = new Set(volumes.map((volume) => volume.name));
    const others = ((spec.volumes ?? []) as readonly { name: string }[]).filter((volume) => !replaced.has(volume.name));
    api.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace,
        ...(metadata?.annotations && { annotations: metadata.annotations }),
        labels: {
          ...metadata?.labels,
          'apps.kubernetes.io/pod-index': name.slice(setName.length + 1),
          [REVISION_LABEL]: revision,
          'statefulset.kubernetes.io/pod-name': name,
        },
        ownerReferences: [ownerReferenceTo(set)],
      },
      spec: {
        ...spec,
        hostname: name,
        ...(set.spec.serviceName && { subdomain: set.spec.serviceName }),
        ...(volumes.length + others.length > 0 && { volumes: [...volumes, ...others] }),
      },
      status: { phase: 'Pending' },
    });
    record(set, { reason: 'SuccessfulCreate', message: `create Pod ${name} in StatefulSet ${setName} successful` });
  }

  /** Its claims, made once and kept: they outlive the pod and the set. */
  function createClaims(set: KubeObject, podName: string) {
    const { namespace = '', name: setName } = set.metadata;
    return ((set.spec.volumeClaimTemplates ?? []) as readonly KubeObject[]).map(({ metadata, spec }) => {
      const claimName = `${metadata.name}-${podName}`;
      if (!api.get(persistentVolumeClaims, namespace, claimName)) {
        api.create(persistentVolumeClaims, {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: {
            name: claimName,
            namespace,
            labels: { ...metadata.labels, ...set.spec.selector?.matchLabels },
            ...(metadata.annotations && { annotations: metadata.annotations }),
          },
          spec,
          status: { phase: 'Pending' },
        });
        const message = `create Claim ${claimName} Pod ${podName} in StatefulSet ${setName} success`;
        record(set, { reason: 'SuccessfulCreate', message });
      }
      return { name: metadata.name, persistentVolumeClaim: { claimName } };
    });
  }

  function deletePod(set: KubeObject, { metadata: { name, namespace = '', uid } }: KubeObject): void {
    api.delete(pods, namespace, name, { preconditions: { uid } });
    const message = `delete Pod ${name} in StatefulSet ${set.metadata.name} successful`;
    record(set, { reason: 'SuccessfulDelete', message });
  }

  return runController({
    api,
    clock,
    reconcile,
    *keysOf(type, object) {
      if (type === statefulSets) yield keyOf(object);
      if (type !== pods) return;
      const owner = controllerOf(object);
      const namespace = object.metadata.namespace ?? '';
      if (owner?.kind === 'StatefulSet') yield `${namespace}/${owner.name}`;
      else if (!owner) yield* api.list(statefulSets, namespace).map(keyOf);
    },
  });
}
