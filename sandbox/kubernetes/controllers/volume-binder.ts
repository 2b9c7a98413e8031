import type { KubeObject, NewObject } from '../api/object.ts';
import persistentVolumeClaims from '../resources/persistent-volume-claims.ts';
import persistentVolumes from '../resources/persistent-volumes.ts';
import pods from '../resources/pods.ts';
import storageClasses from '../resources/storage-classes.ts';
import { claimNamesOf } from './choose-node.ts';
import { decideBinding } from './decide-binding.ts';
import { editFinalizers } from './edit-finalizers.ts';
import { LINODE_DRIVER, volumeLabelOf } from './linode-storage.ts';
import { isDeleted } from './owners.ts';
import { isFinished } from './pod-state.ts';
import { createEventRecorder } from './record-event.ts';
import { type Controller, type ControllerParts, keyOf, parseKey, runController } from './run-controller.ts';

const PROTECTION = 'kubernetes.io/pvc-protection';
const PROVISIONER = 'volume.kubernetes.io/storage-provisioner';

/** Makes a volume at the provider and answers its id. */
export type CreateVolume = (volume: { readonly label: string; readonly storage: string }) => number;

/** Binds claims to volumes, has those made that are missing, and keeps a claim for as long as a pod uses it. */
export function createVolumeBinder({
  api,
  clock,
  createVolume,
}: ControllerParts & { readonly createVolume: CreateVolume }): Controller {
  const record = createEventRecorder({ api, clock, component: 'persistentvolume-controller' });

  function reconcile(key: string): number | null {
    const { namespace, name } = parseKey(key);
    const claim = api.get(persistentVolumeClaims, namespace, name);
    if (!claim) return null;
    if (isDeleted(claim)) {
      if (!isUsed(claim)) editFinalizers(api, persistentVolumeClaims, claim, { remove: PROTECTION });
      return null;
    }
    editFinalizers(api, persistentVolumeClaims, claim, { add: PROTECTION });
    const step = decideBinding(claim, {
      volumes: api.list(persistentVolumes, null),
      storageClasses: api.list(storageClasses, null),
    });
    if (step.act === 'bind') bind(claim, step.volume);
    else if (step.act === 'provision') provision(claim, step.storageClass);
    else if (step.act === 'lose') {
      setStatus(claim, { ...claim.status, phase: 'Lost' });
      const message = 'Bound claim has lost its PersistentVolume. Data on the volume is lost!';
      record(claim, { type: 'Warning', reason: 'ClaimLost', message });
    } else if (step.act === 'wait') setStatus(claim, { ...claim.status, phase: 'Pending' });
    return null;
  }

  function isUsed({ metadata }: KubeObject): boolean {
    return api
      .list(pods, metadata.namespace ?? '')
      .some((pod) => pod.spec.nodeName && !isFinished(pod) && claimNamesOf(pod).includes(metadata.name));
  }

  function provision(claim: KubeObject, storageClass: KubeObject): void {
    const provisioner = String(storageClass['provisioner']);
    api.change(persistentVolumeClaims, claim.metadata.namespace ?? '', claim.metadata.name, ({ metadata }) => {
      const asked = { 'volume.beta.kubernetes.io/storage-provisioner': provisioner, [PROVISIONER]: provisioner };
      metadata.annotations = { ...metadata.annotations, ...asked };
    });
    setStatus(claim, { ...claim.status, phase: 'Pending' });
    const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
    record(claim, { reason: 'ExternalProvisioning', message });
    if (provisioner !== LINODE_DRIVER) return;
    const storage: string = claim.spec.resources?.requests?.storage ?? '10Gi';
    const label = volumeLabelOf(claim.metadata.uid);
    const made = api.create(
      persistentVolumes,
      volumeFor(claim, storageClass, { storage, volumeHandle: `${createVolume({ label, storage })}-${label}` }),
    );
    bind(claim, made);
  }

  function bind(claim: KubeObject, volume: KubeObject): void {
    const { namespace = '', name } = claim.metadata;
    api.change(persistentVolumes, null, volume.metadata.name, (draft) => (draft.spec.claimRef = referenceTo(claim)));
    api.change(persistentVolumes, null, volume.metadata.name, (draft) => (draft.status = { phase: 'Bound' }), 'status');
    api.change(persistentVolumeClaims, namespace, name, ({ metadata, spec }) => {
      const bound = { 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' };
      metadata.annotations = { ...metadata.annotations, ...bound };
      spec.volumeName = volume.metadata.name;
    });
    setStatus(claim, {
      phase: 'Bound',
      accessModes: volume.spec.accessModes,
      capacity: { storage: volume.spec.capacity?.storage },
    });
  }

  function setStatus({ metadata: { namespace = '', name } }: KubeObject, status: unknown): void {
    api.change(persistentVolumeClaims, namespace, name, (draft) => (draft.status = status), 'status');
  }

  return runController({
    api,
    clock,
    reconcile,
    *keysOf(type, object) {
      const namespace = object.metadata.namespace ?? '';
      if (type === persistentVolumeClaims) yield keyOf(object);
      if (type === pods) yield* claimNamesOf(object).map((claim) => `${namespace}/${claim}`);
      if (type === persistentVolumes || type === storageClasses)
        yield* api.list(persistentVolumeClaims, null).map(keyOf);
    },
  });
}

function referenceTo({ metadata }: KubeObject) {
  return {
    kind: 'PersistentVolumeClaim',
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    apiVersion: 'v1',
    resourceVersion: metadata.resourceVersion,
  };
}

function volumeFor(
  claim: KubeObject,
  storageClass: KubeObject,
  { storage, volumeHandle }: { readonly storage: string; readonly volumeHandle: string },
): NewObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: `pvc-${claim.metadata.uid}`,
      annotations: { 'pv.kubernetes.io/provisioned-by': LINODE_DRIVER },
      finalizers: ['external-provisioner.volume.kubernetes.io/finalizer', 'kubernetes.io/pv-protection'],
    },
    spec: {
      accessModes: claim.spec.accessModes ?? ['ReadWriteOnce'],
      capacity: { storage },
      claimRef: referenceTo(claim),
      csi: { driver: LINODE_DRIVER, fsType: 'ext4', volumeHandle },
      persistentVolumeReclaimPolicy: storageClass['reclaimPolicy'] ?? 'Delete',
      storageClassName: storageClass.metadata.name,
      volumeMode: 'Filesystem',
    },
    status: { phase: 'Pending' },
  };
}
