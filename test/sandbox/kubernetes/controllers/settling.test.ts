import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ResourceType } from '../../../../sandbox/kubernetes/api/resource-type.ts';
import deployments from '../../../../sandbox/kubernetes/resources/deployments.ts';
import pods from '../../../../sandbox/kubernetes/resources/pods.ts';
import statefulSets from '../../../../sandbox/kubernetes/resources/stateful-sets.ts';
import { type ClusterWorld, deployment, podTemplate, startCluster } from './cluster-world.ts';

type Act =
  | { readonly kind: 'scale'; readonly replicas: number }
  | { readonly kind: 'image'; readonly image: string }
  | { readonly kind: 'delete'; readonly which: number; readonly force: boolean };

const ACTS = fc.array(
  fc.record({
    act: fc.oneof<fc.Arbitrary<Act>[]>(
      fc.record({ kind: fc.constant('scale'), replicas: fc.nat({ max: 5 }) }),
      fc.record({ kind: fc.constant('image'), image: fc.constantFrom('v1', 'v2', 'v3') }),
      fc.record({ kind: fc.constant('delete'), which: fc.nat({ max: 6 }), force: fc.boolean() }),
    ),
    thenMs: fc.constantFrom(0, 300, 900, 2_500),
  }),
  { maxLength: 12 },
);

function perform(world: ClusterWorld, type: ResourceType, act: Act): void {
  if (act.kind === 'delete') {
    const pod = world.pods('web')[act.which];
    if (pod) world.api.delete(pods, 'shop', pod.metadata.name, act.force ? { gracePeriodSeconds: 0 } : {});
  } else {
    world.api.change(type, 'shop', 'web', ({ spec }) => {
      if (act.kind === 'scale') spec.replicas = act.replicas;
      else spec.template.spec.containers[0].image = act.image;
    });
  }
}

/** That all pods are running ones of the newest template, as many as asked for. */
function expectSettled(world: ClusterWorld, type: ResourceType): void {
  const { spec, status } = world.api.get(type, 'shop', 'web') ?? {};
  const settled = world.pods('web').map((pod) => [pod.status?.phase, pod.spec.containers[0].image]);
  const wanted = Array.from({ length: spec.replicas }, () => ['Running', spec.template.spec.containers[0].image]);
  expect(settled).toEqual(wanted);
  expect(status.updatedReplicas ?? 0).toBe(spec.replicas);
  expect(status.availableReplicas ?? 0).toBe(spec.replicas);
}

it.each(['Recreate', 'RollingUpdate'])(
  'whatever happens, a Deployment (%s) settles on its newest revision',
  async (type) => {
    await fc.assert(
      fc.asyncProperty(ACTS, async (acts) => {
        const world = await startCluster();
        world.api.create(deployments, deployment('web', { replicas: 2, strategy: { type } }));
        await world.clock.advance(0);
        for (const { act, thenMs } of acts) {
          perform(world, deployments, act);
          await world.clock.advance(thenMs);
          if (type === 'Recreate') expectOneRevision(world);
        }
        await world.clock.advance(60_000);
        expectSettled(world, deployments);
        world.stop();
        expect(world.clock.sleeping()).toEqual([]);
      }),
      { numRuns: 25 },
    );
  },
);

/** Recreate: no two templates at once, Terminating ones included. */
function expectOneRevision(world: ClusterWorld): void {
  expect(new Set(world.pods('web').map(({ metadata }) => metadata.labels?.['pod-template-hash'])).size).toBeLessThan(2);
}

it('whatever happens, a StatefulSet settles, and a name is never taken before the pod that had it is gone', async () => {
  await fc.assert(
    fc.asyncProperty(ACTS, fc.constantFrom('OrderedReady', 'Parallel'), async (acts, podManagementPolicy) => {
      const world = await startCluster();
      const holders = new Map<string, string>();
      world.api.watch(({ type, resource, object: { metadata } }) => {
        if (resource !== pods) return;
        const holder = holders.get(metadata.name);
        if (holder !== undefined) expect(metadata.uid).toBe(holder);
        if (type === 'DELETED') holders.delete(metadata.name);
        else holders.set(metadata.name, metadata.uid);
      });
      const selector = { matchLabels: { app: 'web' } };
      const spec = { replicas: 2, selector, template: podTemplate('web'), podManagementPolicy };
      const metadata = { name: 'web', namespace: 'shop' };
      world.api.create(statefulSets, { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec });
      await world.clock.advance(0);
      for (const { act, thenMs } of acts) {
        perform(world, statefulSets, act);
        await world.clock.advance(thenMs);
      }
      await world.clock.advance(60_000);
      expectSettled(world, statefulSets);
      world.stop();
    }),
    { numRuns: 25 },
  );
}, 30_000);
