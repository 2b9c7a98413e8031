import { describe, expect, it } from 'vitest';
import { createInterner } from '../../src/kubernetes/interner.ts';
import { listTunnelAddresses, trimNode } from '../../src/kubernetes/trim-node.ts';
import { trimPod } from '../../src/kubernetes/trim-pod.ts';
import { readGolden, WITHOUT_GOLDEN } from '../support/golden.ts';
import { nodeObject, podObject } from './world.ts';

const intern = createInterner();
const at = (text: string): number => Date.parse(text);

describe.skipIf(WITHOUT_GOLDEN)('a pod of a real API server', () => {
  it('is cut down to what decisions need', () => {
    expect(trimPod(readGolden('099').response.body, intern)).toEqual({
      replicaSet: null,
      pod: {
        namespace: 'golden',
        name: 'p1',
        uid: 'b48d134d-5041-4150-b718-62a6286ddc01',
        phase: 'Running',
        terminatingAt: null,
        node: 'node-b',
        addresses: ['10.244.0.8'],
        hostNetwork: false,
        createdAt: at('2026-11-23T06:45:11Z'),
        scheduledAt: at('2026-11-23T06:45:11Z'),
        startedAt: at('2026-11-23T06:45:12Z'),
        ready: true,
        readySince: at('2026-11-23T06:45:12Z'),
        owner: null,
        containers: [{ name: 'c', image: 'x', ready: true, restarts: 0, waiting: null, lastEnd: null }],
        claims: [],
      },
    });
  });

  it('tells that it is terminating, that it waits for a node, whose it is and what it mounts', () => {
    const items = ['012', '103', '319'].map((number) => readGolden(number).response.body as { items?: unknown[] });
    const [ofDeployment, terminating, waiting] = items.map((body) => trimPod(body.items?.[0] ?? body, intern));
    expect(ofDeployment).toMatchObject({
      replicaSet: '98ddeb0c-5c8d-4a03-a66c-de512b30716f',
      pod: { owner: { kind: 'Deployment', name: 'pg', revision: null }, claims: ['pg-data'] },
    });
    expect(terminating?.pod.terminatingAt).not.toBeNull();
    expect(waiting?.pod).toMatchObject({ phase: 'Pending', addresses: [], ready: false });
  });

  it('has a node whose readiness is told with its reason', () => {
    expect(trimNode(readGolden('323').response.body, intern)).toMatchObject({
      name: 'node-a',
      addresses: ['127.0.0.1'],
      podCidrs: ['10.244.0.0/24'],
      ready: 'Unknown',
      readySince: at('2026-11-23T06:53:48Z'),
      readyReason: 'NodeStatusUnknown: Kubelet stopped posting node status.',
      taints: ['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute'],
      volumesInUse: ['kubernetes.io/csi/csi.sim.kube^pvc-6252567c-9452-4ff8-9973-05f6a0f6d26f'],
    });
  });
});

describe('a pod', () => {
  it('has every address once', () => {
    const object = podObject('site');
    const status = { ...object.status, podIP: '10.2.0.5', podIPs: [{ ip: '10.2.0.5' }, { ip: 'fd00::5' }] };
    expect(trimPod({ ...object, status }, intern).pod.addresses).toEqual(['10.2.0.5', 'fd00::5']);
  });

  it('without a status is not scheduled, has no address, and is not ready', () => {
    const { metadata } = podObject('new');
    expect(trimPod({ metadata, spec: { containers: [{ name: 'app', image: 'x' }] } }, intern).pod).toMatchObject({
      phase: 'Unknown',
      node: null,
      addresses: [],
      scheduledAt: null,
      ready: false,
      containers: [{ name: 'app', ready: false }],
    });
  });

  it('names the revision of a StatefulSet', () => {
    const object = podObject('db-0', { labels: { 'controller-revision-hash': 'db-768cb9d5bd' } });
    const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', uid: 's', controller: true }];
    const { pod } = trimPod({ ...object, metadata: { ...object.metadata, ownerReferences } }, intern);
    expect(pod.owner).toEqual({ kind: 'StatefulSet', name: 'db', revision: 'db-768cb9d5bd' });
  });

  it('says why a container does not run, and an init container that keeps it from that', () => {
    const object = podObject('site');
    const waiting = (reason: string) => ({ waiting: { reason } });
    const ended = { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2020-12-11T13:24:00Z' } };
    const containers = (initReason: string) => {
      const status = {
        ...object.status,
        initContainerStatuses: [
          { name: 'init', image: 'i', ready: false, restartCount: 3, state: waiting(initReason) },
        ],
        containerStatuses: [
          {
            name: 'app',
            image: 'x',
            ready: false,
            restartCount: 4,
            state: waiting('CrashLoopBackOff'),
            lastState: ended,
          },
        ],
      };
      return trimPod({ ...object, status }, intern).pod.containers;
    };
    const lastEnd = { reason: 'OOMKilled', exitCode: 137, at: at('2020-12-11T13:24:00Z') };
    expect(containers('PodInitializing')).toEqual([
      { name: 'app', image: 'x', ready: false, restarts: 4, waiting: 'CrashLoopBackOff', lastEnd },
    ]);
    expect(containers('CrashLoopBackOff').map(({ name }) => name)).toEqual(['init', 'app']);
  });

  it('holds a repeated string once', () => {
    const many = createInterner();
    const text = (suffix: string): string => ['site:', suffix].join('');
    expect(Object.is(many(text('1')), many(text('1')))).toBe(true);
    expect(() => trimPod({ metadata: {} }, many)).toThrow('name');
  });
});

describe('a node', () => {
  it.each([
    ['projectcalico.org/IPv4IPIPTunnelAddr', '10.2.0.1', ['10.2.0.1']],
    ['projectcalico.org/IPv4VXLANTunnelAddr', '10.2.0.2', ['10.2.0.2']],
    ['projectcalico.org/IPv6VXLANTunnelAddr', 'fd00::2', ['fd00::2']],
    ['projectcalico.org/IPv4WireguardInterfaceAddr', '10.2.0.3', ['10.2.0.3']],
    ['projectcalico.org/IPv6WireguardInterfaceAddr', 'fd00::3', ['fd00::3']],
    ['projectcalico.org/IPv4Address', '192.168.1.1/24', ['192.168.1.1']],
    ['io.cilium.network.ipv4-cilium-host', '10.2.0.4', ['10.2.0.4']],
    ['network.cilium.io/ipv4-cilium-host', '10.2.0.4', ['10.2.0.4']],
    ['network.cilium.io/ipv6-cilium-host', 'fd00::4', ['fd00::4']],
    ['network.cilium.io/ipv4-health-ip', '10.2.0.5', ['10.2.0.5']],
    ['network.cilium.io/ipv4-Ingress-ip', '10.2.0.6', ['10.2.0.6']],
    ['flannel.alpha.coreos.com/public-ip', '192.168.1.1', ['192.168.1.1']],
    ['flannel.alpha.coreos.com/public-ipv6', 'fd00::7', ['fd00::7']],
    ['projectcalico.org/IPv4IPIPTunnelAddr', 'nonsense', []],
    ['network.cilium.io/ipv4-pod-cidr', '10.2.0.0/24', []],
    ['example.com/ip', '10.2.0.9', []],
  ])('with %s: %s has the tunnel addresses %j', (key, value, addresses) => {
    expect(listTunnelAddresses({ [key]: value })).toEqual(addresses);
  });

  it('has all its podCIDRs, of either family', () => {
    const object = nodeObject('node-a');
    const podCIDRs = ['10.2.0.0/24', 'fd00::/64'];
    expect(trimNode({ ...object, spec: { podCIDR: '10.2.0.0/24', podCIDRs } }, intern).podCidrs).toEqual(podCIDRs);
  });

  it('tells no host names among its addresses, and its one podCIDR where it has no list', () => {
    const object = nodeObject('node-a');
    const addresses = [
      { type: 'Hostname', address: 'node-a' },
      { type: 'InternalIP', address: 'fd00::1' },
    ];
    const node = trimNode({ ...object, spec: { podCIDR: '10.2.0.0/24' }, status: { addresses } }, intern);
    expect(node).toMatchObject({ addresses: ['fd00::1'], podCidrs: ['10.2.0.0/24'], ready: 'Unknown' });
  });
});
