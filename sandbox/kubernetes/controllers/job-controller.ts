import type { KubeObject } from '../api/object.ts';
import jobs from '../resources/jobs.ts';
import pods from '../resources/pods.ts';
import { decideJob, isJobFinished, TRACKING } from './decide-job.ts';
import { controllerOf, isDeleted, ownerReferenceTo } from './owners.ts';
import { createEventRecorder } from './record-event.ts';
import { type Controller, type ControllerParts, keyOf, parseKey, runController } from './run-controller.ts';

const JOB_NAME = 'batch.kubernetes.io/job-name';

/** Runs each Job's pods to its end, and deletes Jobs whose `ttlSecondsAfterFinished` is over. */
export function createJobController({ api, clock }: ControllerParts): Controller {
  const record = createEventRecorder({ api, clock, component: 'job-controller' });

  function reconcile(key: string): number | null {
    const { namespace, name } = parseKey(key);
    const job = api.get(jobs, namespace, name);
    const named = api.list(pods, namespace).filter(({ metadata }) => metadata.labels?.[JOB_NAME] === name);
    // Of a Job that is gone or was replaced: nobody will count them.
    for (const pod of named) if (controllerOf(pod)?.uid !== job?.metadata.uid) release(pod);
    if (!job) return null;
    const owned = named.filter((pod) => controllerOf(pod)?.uid === job.metadata.uid);
    if (isDeleted(job)) {
      for (const pod of owned) release(pod);
      return null;
    }
    const plan = decideJob(job, owned, clock.now());
    api.change(jobs, namespace, name, (draft) => (draft.status = plan.status), 'status');
    for (const pod of plan.counted) release(pod);
    for (let created = 0; created < plan.create; created += 1) createPod(job);
    for (const { metadata } of plan.remove) {
      api.delete(pods, namespace, metadata.name, { preconditions: { uid: metadata.uid } });
      record(job, { reason: 'SuccessfulDelete', message: `Deleted pod: ${metadata.name}` });
    }
    if (plan.ended?.isFailure) record(job, { type: 'Warning', reason: plan.ended.reason, message: plan.ended.message });
    else if (plan.ended) record(job, { reason: 'Completed', message: 'Job completed' });
    return plan.again ?? expire(api.get(jobs, namespace, name) ?? job);
  }

  function createPod(job: KubeObject): void {
    const { name, namespace = '', uid } = job.metadata;
    const { metadata, spec } = job.spec.template;
    const pod = api.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        generateName: `${name}-`,
        namespace,
        ...(metadata?.annotations && { annotations: metadata.annotations }),
        labels: {
          ...metadata?.labels,
          'batch.kubernetes.io/controller-uid': uid,
          [JOB_NAME]: name,
          'controller-uid': uid,
          'job-name': name,
        },
        finalizers: [TRACKING],
        ownerReferences: [ownerReferenceTo(job)],
      },
      spec,
      status: { phase: 'Pending' },
    });
    record(job, { reason: 'SuccessfulCreate', message: `Created pod: ${pod.metadata.name}` });
  }

  function release({ metadata: { name, namespace = '', finalizers } }: KubeObject): void {
    if (finalizers?.includes(TRACKING) !== true) return;
    api.change(pods, namespace, name, ({ metadata }) => {
      const left = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== TRACKING);
      if (left.length > 0) metadata.finalizers = left;
      else delete metadata.finalizers;
    });
  }

  function expire(job: KubeObject): number | null {
    const seconds: number | undefined = job.spec.ttlSecondsAfterFinished;
    if (seconds === undefined || !isJobFinished(job)) return null;
    const ended = (job.status.conditions as readonly { lastTransitionTime: string }[]).at(-1)?.lastTransitionTime ?? '';
    const left = Date.parse(ended) + seconds * 1_000 - clock.now();
    if (left > 0) return left;
    const { namespace = '', name, uid } = job.metadata;
    api.delete(jobs, namespace, name, { propagationPolicy: 'Foreground', preconditions: { uid } });
    return null;
  }

  return runController({
    api,
    clock,
    reconcile,
    *keysOf(type, object) {
      if (type === jobs) yield keyOf(object);
      const job = type === pods ? object.metadata.labels?.[JOB_NAME] : undefined;
      if (job !== undefined) yield `${object.metadata.namespace ?? ''}/${job}`;
    },
  });
}
