import { beforeEach, describe, expect, it } from 'vitest';
import { createKubeApi, type KubeApiCore } from '../../../../sandbox/kubernetes/api/create-kube-api.ts';
import type { KubeObject } from '../../../../sandbox/kubernetes/api/object.ts';
import type { ResourceType } from '../../../../sandbox/kubernetes/api/resource-type.ts';
import { RESOURCE_TYPES } from '../../../../sandbox/kubernetes/resources/catalogue.ts';
import configMaps from '../../../../sandbox/kubernetes/resources/config-maps.ts';
import cronJobs from '../../../../sandbox/kubernetes/resources/cron-jobs.ts';
import deployments from '../../../../sandbox/kubernetes/resources/deployments.ts';
import jobs from '../../../../sandbox/kubernetes/resources/jobs.ts';
import leases from '../../../../sandbox/kubernetes/resources/leases.ts';
import claims from '../../../../sandbox/kubernetes/resources/persistent-volume-claims.ts';
import pods from '../../../../sandbox/kubernetes/resources/pods.ts';
import secrets from '../../../../sandbox/kubernetes/resources/secrets.ts';
import statefulSets from '../../../../sandbox/kubernetes/resources/stateful-sets.ts';
import volumeAttachments from '../../../../sandbox/kubernetes/resources/volume-attachments.ts';

let api: KubeApiCore;
beforeEach(() => {
  api = createKubeApi({ types: RESOURCE_TYPES, now: () => 0 });
});

const POD = { containers: [{ name: 'c', image: 'x:1' }] };
const JOB = { template: { spec: { ...POD, restartPolicy: 'Never' } } };
const template = { metadata: { labels: { app: 'a' } }, spec: POD };
const WORKLOAD = { selector: { matchLabels: { app: 'a' } }, template };
const MIB = 1_024 * 1_024;

const make = (type: ResourceType, rest: object): KubeObject =>
  api.create(type, { metadata: { name: 'a', ...(type.namespaced && { namespace: 'n' }) }, ...rest });
const change = (type: ResourceType, edit: (draft: KubeObject) => void) =>
  api.change(type, type.namespaced ? 'n' : null, 'a', edit);

describe('what is left out', () => {
  it.each<[string, ResourceType, object, object]>([
    [
      'of a Deployment',
      deployments,
      { spec: WORKLOAD },
      { replicas: 1, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } } },
    ],
    [
      'of a Recreate',
      deployments,
      { spec: { ...WORKLOAD, strategy: { type: 'Recreate' } } },
      { strategy: { type: 'Recreate' } },
    ],
    [
      'of a StatefulSet',
      statefulSets,
      { spec: WORKLOAD },
      { podManagementPolicy: 'OrderedReady', updateStrategy: { rollingUpdate: { partition: 0 } } },
    ],
    ['of a Job', jobs, { spec: JOB }, { completions: 1, parallelism: 1, backoffLimit: 6, manualSelector: false }],
    [
      'of a CronJob',
      cronJobs,
      { spec: { schedule: '0 3 * * *', jobTemplate: { spec: JOB } } },
      { concurrencyPolicy: 'Allow', suspend: false },
    ],
    [
      'of a pod',
      pods,
      { spec: POD },
      { serviceAccountName: 'default', priority: 0, restartPolicy: 'Always', dnsPolicy: 'ClusterFirst' },
    ],
    ['of a claim', claims, { spec: {} }, { volumeMode: 'Filesystem' }],
  ])('%s is filled in', (_, type, given, spec) => {
    expect(make(type, given).spec).toMatchObject(spec);
  });

  it.each([
    ['x', 'Always'],
    ['x:latest', 'Always'],
    ['x:1', 'IfNotPresent'],
    ['registry:5000/x', 'Always'],
    ['x@sha256:0', 'IfNotPresent'],
  ])('makes of the image %s the pull policy %s', (image, imagePullPolicy) => {
    expect(make(pods, { spec: { containers: [{ name: 'c', image }] } }).spec.containers[0]).toMatchObject({
      imagePullPolicy,
    });
  });

  it('makes the pods of a Job findable by its uid', () => {
    const { metadata, spec } = make(jobs, { spec: JOB });
    expect(spec.selector.matchLabels).toEqual({ 'batch.kubernetes.io/controller-uid': metadata.uid });
    expect(spec.template.metadata.labels).toMatchObject({ 'job-name': 'a', 'controller-uid': metadata.uid });
  });

  it('of what is there already stays as it is', () => {
    expect(
      make(pods, { spec: { ...POD, terminationGracePeriodSeconds: 0 }, status: { phase: 'Running' } }),
    ).toMatchObject({
      spec: { terminationGracePeriodSeconds: 0 },
      status: { phase: 'Running' },
    });
  });

  it('holds a claim by its finalizer, and encodes the text of a Secret', () => {
    expect(make(claims, { spec: {} }).metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
    const secret = make(secrets, { stringData: { k: 'v' } });
    expect([secret['data'], 'stringData' in secret]).toEqual([{ k: 'dg==' }, false]);
  });
});

describe('refused with 422', () => {
  it.each<[string, ResourceType, object, RegExp]>([
    [
      'a negative number of replicas',
      deployments,
      { spec: { ...WORKLOAD, replicas: -1 } },
      /spec\.replicas: Invalid value: -1: must be greater than or equal to 0/,
    ],
    [
      'a selector that misses its template',
      deployments,
      { spec: { ...WORKLOAD, selector: { matchLabels: { app: 'b' } } } },
      /`selector` does not match template `labels`/,
    ],
    ['no selector', deployments, { spec: { template } }, /spec\.selector: Required value/],
    ['a pod without containers', pods, { spec: {} }, /spec\.containers: Required value/],
    [
      'a container without an image',
      pods,
      { spec: { containers: [{ name: 'c' }] } },
      /spec\.containers\[0\]\.image: Required value/,
    ],
    [
      'a Job that would restart for ever',
      jobs,
      { spec: { template: { spec: POD } } },
      /restartPolicy: Unsupported value: "Always"/,
    ],
    [
      'a Lease of no length',
      leases,
      { spec: { leaseDurationSeconds: 0 } },
      /leaseDurationSeconds: Invalid value: 0: must be greater than 0/,
    ],
    ['a ConfigMap over 1 MiB, keys counted', configMaps, { data: { k: 'x'.repeat(MIB) } }, /\[\]: Too long/],
    ['a Secret over 1 MiB', secrets, { stringData: { k: 'x'.repeat(MIB + 1) } }, /data: Too long/],
    [
      'annotations over 256 KiB',
      configMaps,
      { metadata: { name: 'a', namespace: 'n', annotations: { k: 'x'.repeat(MIB / 4) } } },
      /metadata\.annotations: Too long/,
    ],
  ])('is %s', (_, type, given, words) => {
    expect(() => make(type, given)).toThrow(
      expect.objectContaining({ code: 422, message: expect.stringMatching(words) }),
    );
  });

  it('is nothing of exactly 1 MiB', () => {
    expect(() => make(configMaps, { data: { k: 'x'.repeat(MIB - 1) } })).not.toThrow();
  });

  it.each<[string, ResourceType, object, (draft: KubeObject) => void, RegExp]>([
    [
      'the selector of a Deployment',
      deployments,
      { spec: WORKLOAD },
      ({ spec }) => Object.assign(spec, { selector: { matchLabels: { app: 'a', b: 'b' } } }),
      /spec\.selector: .*field is immutable/,
    ],
    [
      'the name of the service of a StatefulSet',
      statefulSets,
      { spec: WORKLOAD },
      ({ spec }) => Object.assign(spec, { serviceName: 'x' }),
      /are forbidden/,
    ],
    [
      'the template of a Job',
      jobs,
      { spec: JOB },
      ({ spec }) => Object.assign(spec.template.spec, { restartPolicy: 'OnFailure' }),
      /spec\.template: .*field is immutable/,
    ],
    [
      'the node of a pod',
      pods,
      { spec: { ...POD, nodeName: 'a' } },
      ({ spec }) => Object.assign(spec, { nodeName: 'b' }),
      /pod updates may not change/,
    ],
    [
      'the tolerations that a pod has',
      pods,
      { spec: POD },
      ({ spec }) => Object.assign(spec, { tolerations: [] }),
      /pod updates may not change/,
    ],
    [
      'immutable data',
      configMaps,
      { immutable: true, data: { a: '1' } },
      (draft) => Object.assign(draft, { data: {} }),
      /data: Forbidden: field is immutable/,
    ],
    [
      'that it is immutable',
      configMaps,
      { immutable: true },
      (draft) => delete draft['immutable'],
      /immutable: Forbidden/,
    ],
    [
      'what an attachment attaches',
      volumeAttachments,
      { spec: { nodeName: 'a' } },
      ({ spec }) => Object.assign(spec, { nodeName: 'b' }),
      /spec: .*field is immutable/,
    ],
  ])('is a change of %s', (_, type, given, edit, words) => {
    make(type, given);
    expect(() => change(type, edit)).toThrow(
      expect.objectContaining({ code: 422, message: expect.stringMatching(words) }),
    );
  });

  it.each<[string, object, (draft: KubeObject) => void]>([
    ['its image', { spec: POD }, ({ spec }) => Object.assign(spec.containers[0], { image: 'x:2' })],
    ['its node, once', { spec: POD }, ({ spec }) => Object.assign(spec, { nodeName: 'a' })],
    ['a label, on no node yet', { spec: POD }, ({ metadata }) => Object.assign(metadata, { labels: { a: 'b' } })],
  ])('is not a pod that gets %s', (_, given, edit) => {
    make(pods, given);
    expect(() => change(pods, edit)).not.toThrow();
  });

  it('is not the status of a pod that waits for a node', () => {
    make(pods, { spec: POD });
    const told = api.change(pods, 'n', 'a', (draft) => (draft.status = { phase: 'Pending', reason: 'r' }), 'status');
    expect(told?.status.reason).toBe('r');
  });
});
