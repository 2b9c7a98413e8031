import type { NewObject } from '../../api/object.ts';
import { draftsIn, fill, within } from './defaults.ts';
import { fillPod, qosClassOf } from './pod-spec-defaults.ts';

export function fillPodObject(object: NewObject): void {
  const spec = within(object, 'spec');
  fillPod(spec);
  object['status'] ??= { phase: 'Pending', qosClass: qosClassOf(spec) };
}

/** Golden 006. */
export function fillNamespace(object: NewObject): void {
  const labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name ?? '' };
  object.metadata.labels = labels;
  fill(within(object, 'spec'), { finalizers: ['kubernetes'] });
  object['status'] ??= { phase: 'Active' };
}

/** Golden 007; the finalizer is put on by the server's admission, once. */
export function fillClaim(object: NewObject): void {
  fill(within(object, 'spec'), { volumeMode: 'Filesystem' });
  if (object['status'] === undefined) {
    protect(object, 'kubernetes.io/pvc-protection');
    object['status'] = { phase: 'Pending' };
  }
}

export function fillVolume(object: NewObject): void {
  fill(within(object, 'spec'), { volumeMode: 'Filesystem', persistentVolumeReclaimPolicy: 'Retain' });
  if (object['status'] === undefined) {
    protect(object, 'kubernetes.io/pv-protection');
    object['status'] = { phase: 'Pending' };
  }
}

export function fillStorageClass(object: NewObject): void {
  fill(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' });
}

/** Golden 139. */
export function fillVolumeAttachment(object: NewObject): void {
  object['status'] ??= { attached: false };
}

export function fillService(object: NewObject): void {
  const spec = within(object, 'spec');
  fill(spec, { type: 'ClusterIP', sessionAffinity: 'None', internalTrafficPolicy: 'Cluster' });
  for (const port of draftsIn(spec['ports'])) fill(port, { protocol: 'TCP', targetPort: port['port'] });
  object['status'] ??= { loadBalancer: {} };
}

/** What was given as text is kept encoded. */
export function fillSecret(object: NewObject): void {
  const { stringData } = object;
  if (typeof stringData === 'object' && stringData !== null) {
    const data = within(object, 'data');
    for (const [key, value] of Object.entries(stringData)) data[key] = Buffer.from(String(value)).toString('base64');
    delete object['stringData'];
  }
  fill(object, { type: 'Opaque' });
}

/** Subjects of roles that are no accounts of the cluster's belong to RBAC's own group. */
export function fillBinding(object: NewObject): void {
  for (const subject of draftsIn(object['subjects']))
    if (subject['kind'] !== 'ServiceAccount') fill(subject, { apiGroup: 'rbac.authorization.k8s.io' });
}

function protect(object: NewObject, finalizer: string): void {
  const { finalizers = [] } = object.metadata;
  if (!finalizers.includes(finalizer)) object.metadata.finalizers = [...finalizers, finalizer];
}
