import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../sandbox/kubernetes/api/object.ts';
import { chooseNode } from '../../../../sandbox/kubernetes/controllers/choose-node.ts';
import nodes from '../../../../sandbox/kubernetes/resources/nodes.ts';
import pods from '../../../../sandbox/kubernetes/resources/pods.ts';
import { startCluster } from './cluster-world.ts';

function node(name: string, spec: object = {}, ready = 'True'): KubeObject {
  const metadata = { name, labels: { host: name } };
  return { metadata, spec, status: { conditions: [{ type: 'Ready', status: ready }] } } as unknown as KubeObject;
}
function pod(spec: object = {}): KubeObject {
  return { metadata: { uid: 'p', namespace: 'shop' }, spec, status: {} } as unknown as KubeObject;
}
const choose = (one: KubeObject, all: readonly KubeObject[], others: readonly KubeObject[] = []) =>
  chooseNode(one, { nodes: all, pods: others, claims: new Map() });
const taint = (effect: string, key = 'dedicated') => ({ taints: [{ key, value: 'db', effect }] });

describe('a pod', () => {
  it('goes to the node with the fewest live pods', () => {
    const busy = [pod({ nodeName: 'a' }), pod({ nodeName: 'a' }), pod({ nodeName: 'b' })];
    expect(choose(pod(), [node('a'), node('b')], busy)).toEqual({ kind: 'node', name: 'b' });
  });

  it.each([
    ['cordoned', node('a', { unschedulable: true }), '1 node(s) were unschedulable'],
    ['tainted NoSchedule', node('a', taint('NoSchedule')), '1 node(s) had untolerated taint {dedicated: db}'],
    ['tainted NoExecute', node('a', taint('NoExecute')), '1 node(s) had untolerated taint {dedicated: db}'],
    ['not ready', node('a', {}, 'Unknown'), '1 node(s) were not ready'],
  ])('is not put on a node that is %s', (_, only, why) => {
    expect(choose(pod(), [only])).toEqual({ kind: 'none', message: `0/1 nodes are available: ${why}.` });
  });

  it.each([
    ['PreferNoSchedule is no hindrance', {}, taint('PreferNoSchedule')],
    ['by value', { key: 'dedicated', value: 'db', effect: 'NoSchedule' }, taint('NoSchedule')],
    ['by existence', { key: 'dedicated', operator: 'Exists' }, taint('NoSchedule')],
    ['everything', { operator: 'Exists' }, taint('NoExecute')],
  ])('is put on a node whose taint it tolerates: %s', (_, toleration, spec) => {
    expect(choose(pod({ tolerations: [toleration] }), [node('a', spec)])).toEqual({ kind: 'node', name: 'a' });
  });

  it('is put only where its nodeSelector says', () => {
    expect(choose(pod({ nodeSelector: { host: 'b' } }), [node('a'), node('b')])).toEqual({ kind: 'node', name: 'b' });
    expect(choose(pod({ nodeSelector: { host: 'c' } }), [node('a')])).toMatchObject({ kind: 'none' });
  });
});

it('waits, says why once, and is bound when a node becomes free for it', async () => {
  const world = await startCluster(['node-a']);
  world.api.change(nodes, null, 'node-a', (one) => (one.spec = { unschedulable: true }));
  const metadata = { name: 'p', namespace: 'shop' };
  world.api.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { containers: [{ name: 'c', image: 'c' }] },
  });
  await world.clock.advance(60_000);
  expect(world.events('FailedScheduling')).toHaveLength(1);
  expect(world.api.get(pods, 'shop', 'p')?.status.conditions[0]).toMatchObject({
    status: 'False',
    reason: 'Unschedulable',
  });
  world.api.change(nodes, null, 'node-a', ({ spec }) => delete spec.unschedulable);
  await world.clock.advance(2_000);
  expect(world.api.get(pods, 'shop', 'p')).toMatchObject({
    spec: { nodeName: 'node-a' },
    status: { phase: 'Running' },
  });
  expect(world.events('Scheduled')).toEqual(['Successfully assigned shop/p to node-a']);
  world.stop();
});
