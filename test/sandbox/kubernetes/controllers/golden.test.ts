import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attachmentNameOf } from '../../../../sandbox/kubernetes/controllers/csi-volume.ts';
import deployments from '../../../../sandbox/kubernetes/resources/deployments.ts';
import events from '../../../../sandbox/kubernetes/resources/events.ts';
import jobs from '../../../../sandbox/kubernetes/resources/jobs.ts';
import nodes from '../../../../sandbox/kubernetes/resources/nodes.ts';
import persistentVolumeClaims from '../../../../sandbox/kubernetes/resources/persistent-volume-claims.ts';
import pods from '../../../../sandbox/kubernetes/resources/pods.ts';
import replicaSets from '../../../../sandbox/kubernetes/resources/replica-sets.ts';
import statefulSets from '../../../../sandbox/kubernetes/resources/stateful-sets.ts';
import volumeAttachments from '../../../../sandbox/kubernetes/resources/volume-attachments.ts';
import { readGoldenBody, WITHOUT_GOLDEN, withoutRun } from '../../../support/golden.ts';
import { type ClusterWorld, createPostgres, podTemplate, startCluster } from './cluster-world.ts';

let world: ClusterWorld;
beforeEach(async () => {
  world = await startCluster();
});
afterEach(() => world.stop());

const get = (name: string) => world.api.get(deployments, 'shop', name);
const scale = (replicas: number) =>
  world.api.change(deployments, 'shop', 'pg', ({ spec }) => (spec.replicas = replicas));
/** As a golden text would say it, were it of this cluster. */
const asOurs = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(withoutRun(value))
      .replaceAll('csi.sim.kube', 'linodebs.csi.linode.com')
      .replaceAll('csi-sim-kube', 'linodebs-csi-linode-com')
      .replace(/"namespace":"(golden|late)"/g, '"namespace":"shop"'),
  );

describe.skipIf(WITHOUT_GOLDEN)('as the real controllers', () => {
  it('a Deployment that is ready (010)', async () => {
    await createPostgres(world);
    expect(withoutRun(get('pg')?.status)).toEqual(withoutRun(readGoldenBody('010').status));
    expect(get('pg')?.metadata.annotations).toEqual(readGoldenBody('010').metadata.annotations);
  });

  it('its ReplicaSet (011)', async () => {
    await createPostgres(world);
    const [set] = world.api.list(replicaSets, 'shop');
    const golden = readGoldenBody('011').items[0];
    expect(set?.status).toEqual(golden.status);
    expect(set?.metadata.annotations).toEqual(golden.metadata.annotations);
    expect(withoutRun(set?.metadata.ownerReferences)).toEqual(withoutRun(golden.metadata.ownerReferences));
    expect(Object.keys(set?.spec.selector.matchLabels)).toEqual(Object.keys(golden.spec.selector.matchLabels));
  });

  it('its claim, bound (013)', async () => {
    await createPostgres(world);
    const { metadata, spec } = world.api.get(persistentVolumeClaims, 'shop', 'pg-data') ?? {};
    const golden = readGoldenBody('013');
    expect(metadata?.annotations).toEqual((asOurs(golden.metadata) as { annotations: unknown }).annotations);
    expect(metadata?.finalizers).toEqual(golden.metadata.finalizers);
    expect(spec.volumeName).toBe(`pvc-${metadata?.uid}`);
  });

  it('what it tells in Events (014)', async () => {
    await createPostgres(world);
    const told = world.api.list(events, 'shop').map((event) => [event['reason'], event['message'], event['source']]);
    for (const { reason, message, source } of readGoldenBody('014').items)
      expect(withoutRun(told)).toContainEqual(asOurs([reason, message, source]));
  });

  it('a Deployment at 0 (038)', async () => {
    await createPostgres(world);
    scale(0);
    await world.clock.advance(5_000);
    expect(withoutRun(get('pg')?.status)).toEqual(withoutRun(readGoldenBody('038').status));
  });

  it('a Deployment whose pod is deleted on a dead node (127, 128)', async () => {
    await createPostgres(world);
    const node = world.pods('pg')[0]?.spec.nodeName;
    world.kubelets[node]?.die();
    const changed = { ...get('pg')?.status };
    world.api.delete(pods, 'shop', world.pods('pg')[0]?.metadata.name ?? '', { gracePeriodSeconds: 1 });
    await world.clock.advance(5_000);
    expect(changed.readyReplicas).toBe(1);
    const { observedGeneration: _, ...golden } = readGoldenBody('127').status;
    expect(withoutRun(get('pg')?.status)).toEqual({ observedGeneration: 1, ...(withoutRun(golden) as object) });
    const going = world.pods('pg').map(({ metadata }) => metadata.deletionTimestamp !== undefined);
    const [first, second] = readGoldenBody('128').items;
    expect(going).toHaveLength(2);
    expect([first, second].map(({ metadata }) => metadata.deletionTimestamp !== undefined)).toEqual([true, false]);
    expect(going).toContain(true);
    expect(going).toContain(false);
  });

  it('the VolumeAttachment, its name told by volume, driver and node (129)', async () => {
    const golden = readGoldenBody('129').items[0];
    const csi = { driver: golden.spec.attacher, volumeHandle: golden.spec.source.persistentVolumeName };
    const volume = { spec: { csi } } as unknown as Parameters<typeof attachmentNameOf>[0];
    expect(attachmentNameOf(volume, golden.spec.nodeName)).toBe(golden.metadata.name);
    await createPostgres(world);
    const [attachment] = world.api.list(volumeAttachments, null);
    expect(attachment?.metadata.finalizers).toEqual((asOurs(golden.metadata) as { finalizers: unknown }).finalizers);
    expect(Object.keys(attachment?.spec)).toEqual(Object.keys(golden.spec));
  });

  it('Jobs that end well and badly (268, 269)', async () => {
    for (const [name, exitCode, number] of [
      ['ok', 0, '268'],
      ['bad', 3, '269'],
    ] as const) {
      const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] } };
      const metadata = { name, namespace: 'shop' };
      world.api.create(jobs, { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { backoffLimit: 0, template } });
      await world.clock.advance(3_000);
      const pod = world.pods().find((one) => one.metadata.labels?.['job-name'] === name);
      for (const kubelet of Object.values(world.kubelets).slice(0, 1))
        kubelet.finish(pod?.metadata.name ?? '', exitCode);
      await world.clock.advance(1_000);
      expect(withoutRun(world.api.get(jobs, 'shop', name)?.status)).toEqual(withoutRun(readGoldenBody(number).status));
    }
    const failed = world.pods().find(({ metadata }) => metadata.labels?.['job-name'] === 'bad');
    const golden = readGoldenBody('270').items[0];
    expect(Object.keys(failed?.metadata.labels ?? {})).toEqual(Object.keys(golden.metadata.labels));
    expect(failed?.metadata.finalizers).toEqual(golden.metadata.finalizers);
  });

  it('a StatefulSet that is ready (275)', async () => {
    const spec = {
      replicas: 2,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: podTemplate('db'),
    };
    const metadata = { name: 'db', namespace: 'shop' };
    world.api.create(statefulSets, { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec });
    await world.clock.advance(5_000);
    const status = world.api.get(statefulSets, 'shop', 'db')?.status;
    expect(withoutRun(status)).toEqual(withoutRun(readGoldenBody('275').status));
  });

  it('a second node that must wait for the volume (320)', async () => {
    await createPostgres(world);
    const [pod] = world.pods('pg');
    world.kubelets[pod?.spec.nodeName]?.die();
    world.api.change(nodes, null, pod?.spec.nodeName, (node) => (node.spec = { unschedulable: true }));
    world.api.delete(pods, 'shop', pod?.metadata.name ?? '', { gracePeriodSeconds: 0 });
    await world.clock.advance(3_000);
    const refused = world.api.list(events, 'shop').filter((event) => event['reason'] === 'FailedAttachVolume');
    const of = (value: unknown) =>
      JSON.parse(JSON.stringify(value).replaceAll('dead-a', 'pg')) as Record<string, unknown>;
    const { kind: _, apiVersion: __, ...ours } = of(withoutRun(refused[0]));
    expect(refused).toHaveLength(1);
    expect(ours).toEqual(of(asOurs(readGoldenBody('320').items[0])));
  });

  it('a node of which nothing is heard, and its pod (323, 324)', async () => {
    await createPostgres(world);
    const name = world.pods('pg')[0]?.spec.nodeName;
    world.kubelets[name]?.die();
    await world.clock.advance(55_000);
    const node = world.api.get(nodes, null, name);
    const golden = readGoldenBody('323');
    expect(node?.spec.taints).toEqual(
      golden.spec.taints.map((taint: object) => ({ ...taint, timeAdded: expect.any(String) })),
    );
    expect(withoutRun(node?.status.conditions)).toEqual(withoutRun(golden.status.conditions));
    const ready = (pod: { status?: { conditions: { type: string }[] } } | undefined) =>
      withoutRun(pod?.status?.conditions.find(({ type }) => type === 'Ready'));
    expect(ready(world.pods('pg')[0])).toEqual({ type: 'Ready', status: 'False', lastTransitionTime: 'TIME' });
    expect(ready(readGoldenBody('324'))).toMatchObject({ type: 'Ready', status: 'False', lastTransitionTime: 'TIME' });
  });
});
