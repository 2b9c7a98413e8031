import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import nodes from '../../../../sandbox/kubernetes/resources/nodes.ts';
import persistentVolumeClaims from '../../../../sandbox/kubernetes/resources/persistent-volume-claims.ts';
import persistentVolumes from '../../../../sandbox/kubernetes/resources/persistent-volumes.ts';
import pods from '../../../../sandbox/kubernetes/resources/pods.ts';
import volumeAttachments from '../../../../sandbox/kubernetes/resources/volume-attachments.ts';
import { type ClusterWorld, claim, createPostgres, podTemplate, startCluster } from './cluster-world.ts';

let world: ClusterWorld;
beforeEach(async () => {
  world = await startCluster();
});
afterEach(() => world.stop());

const volumes = () => world.api.list(persistentVolumes, null);
const getClaim = (name: string) => world.api.get(persistentVolumeClaims, 'shop', name);
const attachments = () => world.api.list(volumeAttachments, null);
function createPod(name: string, claimName: string, spec: object = {}): void {
  const template = podTemplate(name, { claim: claimName });
  const metadata = { name, namespace: 'shop', ...template.metadata };
  world.api.create(pods, { apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...template.spec, ...spec } });
}
const phaseOf = (name: string) => world.api.get(pods, 'shop', name)?.status?.phase;
const deletePod = (name: string) => world.api.delete(pods, 'shop', name);

describe('a claim', () => {
  it('gets a volume of its class, whose handle is the id and the label of the provider', async () => {
    world.api.create(persistentVolumeClaims, claim('data'));
    await world.clock.advance(0);
    const uid = getClaim('data')?.metadata.uid ?? '';
    expect(getClaim('data')?.status).toMatchObject({ phase: 'Bound', capacity: { storage: '10Gi' } });
    expect(volumes()[0]).toMatchObject({
      metadata: { name: `pvc-${uid}` },
      spec: {
        persistentVolumeReclaimPolicy: 'Retain',
        csi: { driver: 'linodebs.csi.linode.com', volumeHandle: `10001-pvc${uid.replaceAll('-', '').slice(0, 16)}` },
        claimRef: { namespace: 'shop', name: 'data', uid },
      },
      status: { phase: 'Bound' },
    });
  });

  it('takes a free volume that fits rather than a new one', async () => {
    const spec = {
      capacity: { storage: '20Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'linode-block-storage',
    };
    const metadata = { name: 'made-by-hand' };
    world.api.create(persistentVolumes, { apiVersion: 'v1', kind: 'PersistentVolume', metadata, spec });
    world.api.create(persistentVolumeClaims, claim('data', 'linode-block-storage'));
    await world.clock.advance(0);
    expect(getClaim('data')?.spec.volumeName).toBe('made-by-hand');
  });

  it.each([{ volumeName: 'other' }, { storageClassName: 'unknown' }])(
    'waits for what is not there: %o',
    async (spec) => {
      world.api.create(persistentVolumeClaims, claim('data', 'linode-block-storage', spec));
      createPod('user', 'data');
      await world.clock.advance(5_000);
      expect(getClaim('data')?.status.phase).toBe('Pending');
      expect(world.events('FailedScheduling')).toEqual([
        '0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
      ]);
    },
  );

  it('that is deleted stays while a pod uses it', async () => {
    await createPostgres(world);
    world.api.delete(persistentVolumeClaims, 'shop', 'pg-data');
    await world.clock.advance(5_000);
    expect(getClaim('pg-data')?.metadata.deletionTimestamp).toBeDefined();
  });

  it.each([
    ['linode-block-storage', []],
    ['linode-block-storage-retain', ['Released']],
  ])('of %s leaves, once deleted, these volumes: %o', async (storageClass, left) => {
    world.api.create(persistentVolumeClaims, claim('data', storageClass));
    createPod('user', 'data');
    await world.clock.advance(5_000);
    deletePod('user');
    world.api.delete(persistentVolumeClaims, 'shop', 'data');
    await world.clock.advance(500);
    expect(volumes()).toHaveLength(1);
    await world.clock.advance(5_000);
    expect(getClaim('data')).toBeNull();
    expect(volumes().map(({ status }) => status.phase)).toEqual(left);
    expect(attachments()).toEqual([]);
  });
});

describe('a volume', () => {
  it('is attached before its pod runs, and detached after it is gone', async () => {
    world.api.create(persistentVolumeClaims, claim('data'));
    createPod('user', 'data', { nodeSelector: { host: 'node-b' } });
    await world.clock.advance(1_900);
    expect(attachments().map(({ status }) => status.attached)).toEqual([false]);
    expect(phaseOf('user')).toBe('Pending');
    await world.clock.advance(2_000);
    expect(phaseOf('user')).toBe('Running');
    expect(world.api.get(nodes, null, 'node-b')?.status.volumesAttached).toHaveLength(1);
    deletePod('user');
    await world.clock.advance(5_000);
    expect(attachments()).toEqual([]);
    expect(world.api.get(nodes, null, 'node-b')?.status.volumesAttached).toBeUndefined();
  });

  it('is let go by a pod that has ended, though the pod is still there', async () => {
    world.api.create(persistentVolumeClaims, claim('data'));
    createPod('user', 'data');
    await world.clock.advance(5_000);
    world.kubelets['node-a']?.finish('user', 0);
    await world.clock.advance(5_000);
    expect([phaseOf('user'), attachments()]).toEqual(['Succeeded', []]);
  });

  it('that is deleted by hand is not destroyed while it is attached', async () => {
    const attachedThen: number[] = [];
    world.api.create(persistentVolumeClaims, claim('data'));
    createPod('user', 'data');
    await world.clock.advance(5_000);
    world.api.delete(persistentVolumeClaims, 'shop', 'data');
    deletePod('user');
    await world.clock.advance(1_500);
    world.api.watch(({ type, resource }) => {
      if (type === 'DELETED' && resource === persistentVolumes) attachedThen.push(attachments().length);
    });
    world.api.delete(persistentVolumes, null, volumes()[0]?.metadata.name ?? '');
    await world.clock.advance(10_000);
    expect(attachedThen).toEqual([0]);
  });

  it('keeps no pod off another node, but is not attached there while it is in use', async () => {
    world.api.create(persistentVolumeClaims, claim('data'));
    createPod('first', 'data', { nodeSelector: { host: 'node-a' } });
    await world.clock.advance(5_000);
    createPod('second', 'data', { nodeSelector: { host: 'node-b' } });
    await world.clock.advance(60_000);
    expect(world.api.get(pods, 'shop', 'second')?.spec.nodeName).toBe('node-b');
    expect(phaseOf('second')).toBe('Pending');
    expect(attachments().map(({ spec }) => spec.nodeName)).toEqual(['node-a']);
    expect(world.events('FailedAttachVolume')).toEqual([
      expect.stringMatching(/^Multi-Attach error for volume "pvc-.*" Volume is already used by pod\(s\) first$/),
    ]);
    deletePod('first');
    await world.clock.advance(8_000);
    expect(phaseOf('second')).toBe('Running');
  });

  it('that is ReadWriteOncePod keeps a second pod off every node', async () => {
    const once = { accessModes: ['ReadWriteOncePod'] };
    world.api.create(persistentVolumeClaims, claim('data', 'linode-block-storage', once));
    createPod('first', 'data');
    await world.clock.advance(5_000);
    createPod('second', 'data');
    await world.clock.advance(5_000);
    expect(world.api.get(pods, 'shop', 'second')?.spec.nodeName).toBeUndefined();
    deletePod('first');
    await world.clock.advance(8_000);
    expect(phaseOf('second')).toBe('Running');
  });

  it('that somebody detaches while its pod runs is attached again within a minute', async () => {
    await createPostgres(world);
    const [before] = attachments();
    world.api.delete(volumeAttachments, null, before?.metadata.name ?? '');
    await world.clock.advance(60_000);
    expect(attachments()).toHaveLength(1);
    expect(attachments()[0]?.metadata.uid).not.toBe(before?.metadata.uid);
    expect(attachments()[0]).toMatchObject({ spec: { nodeName: before?.spec.nodeName }, status: { attached: true } });
  });
});
