import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../sandbox/kubernetes/api/object.ts';
import { decideRollout } from '../../../../sandbox/kubernetes/controllers/decide-rollout.ts';
import { hashTemplate } from '../../../../sandbox/kubernetes/controllers/hash-template.ts';
import { resolveRollingUpdate } from '../../../../sandbox/kubernetes/controllers/rollout.ts';

const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'v2' }] } };

function deployment(replicas: number, rollingUpdate: object = {}): KubeObject {
  const spec = { replicas, template, strategy: { type: 'RollingUpdate', rollingUpdate } };
  return { metadata: { name: 'web' }, spec } as unknown as KubeObject;
}
function set(name: 'old' | 'new', replicas: number, availableReplicas: number, desired: number): KubeObject {
  const labels = { 'pod-template-hash': name === 'new' ? hashTemplate(template) : 'other' };
  const annotations = { 'deployment.kubernetes.io/desired-replicas': String(desired) };
  const metadata = { name, uid: name, labels, annotations, creationTimestamp: '2020-12-11T13:24:00Z' };
  return { metadata, spec: { replicas }, status: { availableReplicas } } as unknown as KubeObject;
}
const decide = (one: KubeObject, ...sets: KubeObject[]) =>
  decideRollout({ deployment: one, sets, podsLeft: new Map() }).map((step) =>
    step.act === 'scale' ? [step.set.metadata.name, step.to] : ['created', step.replicas],
  );

describe('shares of a rolling update', () => {
  it.each([
    [{}, 1, { surge: 1, unavailable: 0 }],
    [{}, 4, { surge: 1, unavailable: 1 }],
    [{}, 10, { surge: 3, unavailable: 2 }],
    [{ maxSurge: 0, maxUnavailable: '10%' }, 2, { surge: 0, unavailable: 1 }],
    [{ maxSurge: '100%', maxUnavailable: 0 }, 3, { surge: 3, unavailable: 0 }],
    [{ maxUnavailable: 5 }, 2, { surge: 1, unavailable: 2 }],
    [{}, 0, { surge: 0, unavailable: 0 }],
  ])('%j of %i', (rollingUpdate, replicas, shares) => {
    expect(resolveRollingUpdate(deployment(replicas, rollingUpdate))).toEqual(shares);
  });
});

describe('a rolling update', () => {
  const byOne = { maxSurge: 1, maxUnavailable: 1 };

  it('that is scaled on its way is scaled in proportion, so that the new revision is not all there is of the growth', () => {
    expect(decide(deployment(8, byOne), set('old', 3, 3, 4), set('new', 2, 0, 4))).toEqual([
      ['old', 5],
      ['new', 4],
    ]);
  });

  it('counts new pods that are not available against what it may take away', () => {
    expect(decide(deployment(4, byOne), set('old', 4, 2, 4), set('new', 1, 0, 4))).toEqual([['old', 3]]);
  });

  it('takes away old pods that are of no use first, and no available one too many', () => {
    expect(decide(deployment(4, byOne), set('old', 3, 2, 4), set('new', 2, 2, 4))).toEqual([['old', 1]]);
    expect(decide(deployment(4, byOne), set('old', 3, 3, 4), set('new', 2, 0, 4))).toEqual([]);
  });

  it('that is over takes the old ones to 0 when it is scaled at last', () => {
    expect(decide(deployment(2, byOne), set('old', 1, 1, 3), set('new', 2, 2, 3))).toEqual([['old', 0]]);
  });
});
