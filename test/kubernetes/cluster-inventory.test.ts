import { expect, it, onTestFinished } from 'vitest';
import type { NewObject } from '../../sandbox/kubernetes/api/object.ts';
import { createSandboxKubernetes } from '../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import deployments from '../../sandbox/kubernetes/resources/deployments.ts';
import horizontalPodAutoscalers from '../../sandbox/kubernetes/resources/horizontal-pod-autoscalers.ts';
import leases from '../../sandbox/kubernetes/resources/leases.ts';
import statefulSets from '../../sandbox/kubernetes/resources/stateful-sets.ts';
import { createClient } from '../../src/kubernetes/client.ts';
import { createClusterInventory } from '../../src/kubernetes/cluster-inventory.ts';
import { createObserver } from '../../src/kubernetes/observe.ts';
import { systemClock as clock } from '../../src/time/system-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { workloadObject } from './changes-ground.ts';

async function start(options: Parameters<typeof createSandboxKubernetes>[0] = {}) {
  const namespaces = ['default', 'other', 'kube-node-lease'];
  const server = await createSandboxKubernetes({ namespaces, ...options });
  onTestFinished(() => server.close());
  const kubeconfig = {
    source: 'a test',
    server: { name: 'c', server: server.url, skipTLSVerify: true },
    user: { name: 'u' },
  };
  const client = createClient({ kubeconfig, clock });
  onTestFinished(() => client.close());
  const observe = createObserver(clock, createRecordedLog());
  return { server, api: server.api, inventory: createClusterInventory({ client, clock, observe }) };
}

const leaseOf = (name: string, spec: object): NewObject => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name, namespace: 'kube-node-lease' },
  spec,
});

it('lists every Deployment and StatefulSet of a namespace, and of no other', async () => {
  const { api, inventory } = await start();
  api.create(deployments, workloadObject('deployment'));
  api.create(deployments, workloadObject('deployment', { name: 'bot' }));
  api.create(deployments, workloadObject('deployment', { name: 'far', namespace: 'other' }));
  api.create(statefulSets, workloadObject('statefulset', { name: 'redis' }));
  const listed = await inventory.listWorkloads('default');
  expect(listed.ok && listed.value.map(({ reference: { kind, name }, desired }) => [kind, name, desired])).toEqual([
    ['deployment', 'bot', 3],
    ['deployment', 'site', 3],
    ['statefulset', 'redis', 3],
  ]);
});

it('knows no workload where one of the two lists fails', async () => {
  const { server, inventory } = await start();
  server.faults.set({ kind: 'refuse', code: 500, path: '/statefulsets' });
  expect(await inventory.listWorkloads('default')).toMatchObject({ ok: false });
});

it('lists what scales by itself, with what it scales', async () => {
  const { api, inventory } = await start();
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'site' };
  api.create(horizontalPodAutoscalers, {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'site', namespace: 'default' },
    spec: { scaleTargetRef, minReplicas: 2, maxReplicas: 9 },
  });
  expect(await inventory.listScalers('default')).toMatchObject({
    ok: true,
    value: [{ name: 'site', namespace: 'default', target: { namespace: 'default', kind: 'deployment', name: 'site' } }],
  });
  expect(await inventory.listScalers('other')).toMatchObject({ ok: true, value: [] });
});

it('reads when a node renewed its Lease last', async () => {
  const { api, inventory } = await start();
  api.create(leases, leaseOf('node-a', { holderIdentity: 'node-a', renewTime: '2020-12-11T13:24:00.250000Z' }));
  api.create(leases, leaseOf('node-b', { holderIdentity: 'node-b' }));
  expect(await inventory.readNodeLease('node-a')).toMatchObject({
    ok: true,
    value: Date.UTC(2020, 11, 11, 13, 24, 0, 250),
  });
  expect(await inventory.readNodeLease('node-b')).toMatchObject({ ok: true, value: null });
  expect(await inventory.readNodeLease('nope')).toMatchObject({ ok: true, value: null });
});

it.each([403, 404, 500])('takes nothing for read where the server says %i', async (code) => {
  const authorise = () => ({ allowed: code !== 403 });
  const { server, inventory } = await start({ authorise, ...(code === 404 && { types: [] }) });
  if (code === 500) server.faults.set({ kind: 'refuse', code });
  for (const read of [
    inventory.listWorkloads('default'),
    inventory.listScalers('default'),
    inventory.readNodeLease('n'),
  ])
    expect(await read).toMatchObject({ ok: false });
});
