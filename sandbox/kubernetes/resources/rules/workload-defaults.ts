import type { NewObject } from '../../api/object.ts';
import { type Draft, draftsIn, fill, within } from './defaults.ts';
import { fillTemplate } from './pod-spec-defaults.ts';

/** Golden 008, 064. */
export function fillDeployment(object: NewObject): void {
  const spec = within(object, 'spec');
  fill(spec, { replicas: 1, strategy: {}, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  const strategy = within(spec, 'strategy');
  fill(strategy, { type: 'RollingUpdate' });
  if (strategy['type'] === 'RollingUpdate')
    fill(within(strategy, 'rollingUpdate'), { maxUnavailable: '25%', maxSurge: '25%' });
  fillTemplate(spec);
  object['status'] ??= {};
}

export function fillReplicaSet(object: NewObject): void {
  const spec = within(object, 'spec');
  fill(spec, { replicas: 1 });
  fillTemplate(spec);
  object['status'] ??= { replicas: 0 };
}

/** Golden 275. */
export function fillStatefulSet(object: NewObject): void {
  const spec = within(object, 'spec');
  fill(spec, {
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate' },
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
  });
  const strategy = within(spec, 'updateStrategy');
  if (strategy['type'] === 'RollingUpdate') fill(within(strategy, 'rollingUpdate'), { partition: 0 });
  for (const claim of draftsIn(spec['volumeClaimTemplates'])) {
    fill(claim, { kind: 'PersistentVolumeClaim', apiVersion: 'v1', status: { phase: 'Pending' } });
    fill(within(claim, 'spec'), { volumeMode: 'Filesystem' });
  }
  fillTemplate(spec);
  object['status'] ??= { replicas: 0, availableReplicas: 0 };
}

/** Golden 267: a Job finds its pods by labels with its uid, unless it says that it brings its own selector. */
export function fillJob(object: NewObject): void {
  const spec = within(object, 'spec');
  fillJobSpec(spec);
  const { name = '', uid = '' } = object.metadata;
  const hasOwnSelector = spec['manualSelector'] === true || spec['selector'] !== undefined;
  if (!hasOwnSelector && uid !== '') {
    const labels = {
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': name,
      'controller-uid': uid,
      'job-name': name,
    };
    const template = within(within(spec, 'template'), 'metadata');
    template['labels'] = { ...template['labels'], ...labels };
    // The labels of a Job that has none are those of its template.
    object.metadata.labels ??= { ...template['labels'] };
    spec['selector'] = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
    spec['manualSelector'] = false;
  }
  object['status'] ??= {};
}

export function fillCronJob(object: NewObject): void {
  const spec = within(object, 'spec');
  fill(spec, { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 });
  fillTemplate(within(within(spec, 'jobTemplate'), 'spec'));
  object['status'] ??= {};
}

function fillJobSpec(spec: Draft): void {
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1;
  fill(spec, {
    parallelism: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed',
  });
  fillTemplate(spec);
}
