import type { KubeObject } from '../api/object.ts';
import deployments from '../resources/deployments.ts';
import pods from '../resources/pods.ts';
import replicaSets from '../resources/replica-sets.ts';
import { decideRollout, type RolloutStep } from './decide-rollout.ts';
import { summariseDeployment } from './deployment-status.ts';
import { hashTemplate } from './hash-template.ts';
import { claimOwned, controllerOf, isDeleted, ownerReferenceTo } from './owners.ts';
import { isFinished } from './pod-state.ts';
import { createEventRecorder } from './record-event.ts';
import { DESIRED, HASH, REVISION, replicasOf, resolveRollingUpdate, revisionOf, splitReplicaSets } from './rollout.ts';
import { type Controller, type ControllerParts, keyOf, parseKey, runController } from './run-controller.ts';
import { type Condition, setCondition } from './set-condition.ts';
import { timeStamp } from './time-stamp.ts';

const MAX = 'deployment.kubernetes.io/max-replicas';
/** What belongs to the Deployment alone and is not copied to its ReplicaSets. */
const OWN = new Set([REVISION, DESIRED, MAX, 'kubectl.kubernetes.io/last-applied-configuration']);

/** Brings each Deployment's ReplicaSets to its template and number, old before new or rolling. */
export function createDeploymentController({ api, clock }: ControllerParts): Controller {
  const record = createEventRecorder({ api, clock, component: 'deployment-controller' });

  function reconcile(key: string): number | null {
    const { namespace, name } = parseKey(key);
    const deployment = api.get(deployments, namespace, name);
    if (!deployment) return null;
    if (!isDeleted(deployment)) {
      const sets = claimOwned(api, replicaSets, deployment);
      for (const step of decideRollout({ deployment, sets, podsLeft: countPods(namespace, sets) }))
        act(deployment, step);
      annotate(deployment);
      forgetOld(deployment);
    }
    const present = api.get(deployments, namespace, name) ?? deployment;
    const { status, again } = summariseDeployment(present, claimOwned(api, replicaSets, present), clock.now());
    api.change(deployments, namespace, name, (draft) => (draft.status = status), 'status');
    return again;
  }

  function countPods(namespace: string, sets: readonly KubeObject[]): ReadonlyMap<string, number> {
    const left = new Map(sets.map(({ metadata }) => [metadata.uid, 0]));
    for (const pod of api.list(pods, namespace)) {
      const owner = controllerOf(pod);
      const count = owner && left.get(owner.uid);
      if (owner && count !== undefined && count !== null && !isFinished(pod)) left.set(owner.uid, count + 1);
    }
    return left;
  }

  function act(deployment: KubeObject, step: RolloutStep): void {
    const { namespace = '' } = deployment.metadata;
    if (step.act === 'create') {
      const set = createSet(deployment, step.replicas);
      if (step.replicas > 0) tell(deployment, set, 0, step.replicas);
      return;
    }
    api.change(replicaSets, namespace, step.set.metadata.name, ({ spec }) => (spec.replicas = step.to));
    tell(deployment, step.set, replicasOf(step.set), step.to);
  }

  function tell(deployment: KubeObject, { metadata: { name } }: KubeObject, from: number, to: number): void {
    const way = to > from ? 'up' : 'down';
    const message = `Scaled ${way} replica set ${name} from ${from} to ${to}`;
    record(deployment, { reason: 'ScalingReplicaSet', message });
  }

  function createSet(deployment: KubeObject, replicas: number): KubeObject {
    const { name, namespace = '' } = deployment.metadata;
    const { template, selector, minReadySeconds } = deployment.spec;
    const hash = hashTemplate(template);
    const labels = { ...template.metadata?.labels, [HASH]: hash };
    const set = api.create(replicaSets, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: `${name}-${hash}`, namespace, labels, ownerReferences: [ownerReferenceTo(deployment)] },
      spec: {
        replicas,
        ...(minReadySeconds !== undefined && { minReadySeconds }),
        selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH]: hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    });
    const message = `Created new replica set "${set.metadata.name}"`;
    const condition = { type: 'Progressing', status: 'True', reason: 'NewReplicaSetCreated', message } as const;
    const at = timeStamp(clock.now());
    const note = (draft: KubeObject): void => {
      const conditions = (draft.status?.conditions ?? []) as readonly Condition[];
      draft.status = { ...draft.status, conditions: setCondition(conditions, { ...condition, at }) };
    };
    api.change(deployments, namespace, name, note, 'status');
    return set;
  }

  /** Revisions grow with each template that becomes the newest, one taken up again too; the numbers wanted are noted. */
  function annotate(deployment: KubeObject): void {
    const { name, namespace = '' } = deployment.metadata;
    const sets = claimOwned(api, replicaSets, deployment);
    const { newest, old } = splitReplicaSets(deployment, sets);
    const revision = Math.max(0, ...old.map(revisionOf)) + 1;
    const wanted = replicasOf(deployment);
    const numbers = { [DESIRED]: String(wanted), [MAX]: String(wanted + resolveRollingUpdate(deployment).surge) };
    const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !OWN.has(key));
    for (const set of sets) {
      if (set !== newest && replicasOf(set) === 0) continue;
      api.change(replicaSets, namespace, set.metadata.name, ({ metadata }) => {
        metadata.annotations = { ...metadata.annotations, ...numbers };
        if (set !== newest) return;
        Object.assign(metadata.annotations, Object.fromEntries(copied));
        metadata.annotations[REVISION] = String(Math.max(revision, revisionOf(set)));
      });
    }
    if (!newest) return;
    api.change(deployments, namespace, name, ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, [REVISION]: String(Math.max(revision, revisionOf(newest))) };
    });
  }

  function forgetOld(deployment: KubeObject): void {
    const { revisionHistoryLimit = 10 } = deployment.spec;
    const { old } = splitReplicaSets(deployment, claimOwned(api, replicaSets, deployment));
    const idle = old.filter((set) => replicasOf(set) === 0 && !set.status?.replicas && !isDeleted(set));
    const tooMany = idle.length - revisionHistoryLimit;
    for (const { metadata } of idle
      .sort((one, other) => revisionOf(one) - revisionOf(other))
      .slice(0, Math.max(0, tooMany)))
      api.delete(replicaSets, deployment.metadata.namespace ?? '', metadata.name, { propagationPolicy: 'Background' });
  }

  return runController({
    api,
    clock,
    reconcile,
    *keysOf(type, object) {
      const { namespace = '' } = object.metadata;
      if (type === deployments) yield keyOf(object);
      const owner = controllerOf(object);
      if (type === replicaSets && owner?.kind === 'Deployment') yield `${namespace}/${owner.name}`;
      if (type === replicaSets && !owner) yield* api.list(deployments, namespace).map(keyOf);
      if (type !== pods || owner?.kind !== 'ReplicaSet') return;
      // Recreate waits for the last old pod, which no ReplicaSet's status tells of.
      const set = api.get(replicaSets, namespace, owner.name);
      const above = set && controllerOf(set);
      if (above?.kind === 'Deployment') yield `${namespace}/${above.name}`;
    },
  });
}
