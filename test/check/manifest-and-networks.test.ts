import { expect, it } from 'vitest';
import type { CheckFacts } from '../../src/check/check.ts';
import { seen } from '../../src/model/observed.ts';
import { inCluster, MANIFEST, node, pod, told, YAML } from './facts.ts';

const withManifest = (text: string): CheckFacts => inCluster({ manifests: new Map([[MANIFEST, { ok: true, text }]]) });
const withPods = (pods: ReturnType<typeof pod>[], nodes = [node('one', ['10.2.0.0/24'])]): CheckFacts =>
  inCluster({ state: seen({ pods, vanished: [], nodes, watchedSince: 0 }, 0) });
const RENEW = `kubectl --namespace default get deployment postgres --output yaml > ${MANIFEST}`;

it.each<[string, CheckFacts, readonly (readonly [string, string | null])[]]>([
  [
    'a manifest that is not there',
    inCluster({ manifests: new Map([[MANIFEST, { ok: false, code: 'ENOENT' }]]) }),
    [['fault manifest · main: manifest', RENEW]],
  ],
  ['a manifest that is no YAML', withManifest('kind: [Deployment\n'), [['fault manifest · main: manifest', RENEW]]],
  ['an empty manifest', withManifest(''), [['fault manifest · main: manifest', RENEW]]],
  [
    'a manifest of something else',
    withManifest(YAML.replace('name: postgres }', 'name: other }')),
    [['fault manifest · main: manifest', RENEW]],
  ],
  [
    'a manifest for another namespace',
    withManifest(YAML.replace('name: postgres }', 'name: postgres, namespace: other }')),
    [['fault manifest · main: manifest', RENEW]],
  ],
  [
    'an image of any version',
    withManifest(YAML.replace('postgres:18.4', 'registry:5000/postgres')),
    [['warning manifest · main: manifest image', 'image: postgres:18.4   # what runs now']],
  ],
  [
    'the latest image',
    withManifest(YAML.replace('postgres:18.4', 'postgres:latest')),
    [['warning manifest · main: manifest image', 'image: postgres:18.4   # what runs now']],
  ],
  [
    'a pod outside the pod networks',
    withPods([pod('10.2.0.7'), pod('10.9.0.1')]),
    [
      [
        'warning pod-networks · podCidrs',
        'kubernetes:\n  podCidrs: ["10.2.0.0/24"]\n# from the nodes; wider where the cluster will grow beyond it',
      ],
    ],
  ],
  [
    'a pod that has waited for its address for ten minutes',
    withPods([pod('10.2.0.7'), pod('10.2.0.8', { addresses: [], scheduledAt: -600_000 })]),
    [['warning pods-without-address · pods', 'kubectl --namespace default describe pod pod-10.2.0.8']],
  ],
  [
    'a pod outside, and nodes that tell nothing',
    withPods([pod('fd00::7')], [node('one', [])]),
    [
      [
        'warning pod-networks · podCidrs',
        'The nodes tell no networks; ask the network plugin, or whoever made the cluster:\nkubectl cluster-info dump | grep -m 1 cluster-cidr',
      ],
    ],
  ],
])('%s', (_, given, expected) => {
  expect(told(given)).toEqual(expected);
});

it.each<[string, CheckFacts]>([
  ['a pod of the host network', withPods([pod('192.168.0.1', { hostNetwork: true })])],
  ['a pod that is over', withPods([pod('10.9.0.1', { phase: 'Succeeded' })])],
  [
    'a pod that gets its address',
    withPods([pod('10.2.0.7'), pod('10.2.0.8', { addresses: [], scheduledAt: -599_999 })]),
  ],
  ['a pod that nobody scheduled', withPods([pod('10.2.0.7'), pod('10.2.0.8', { addresses: [], node: null })])],
  ['an image by its digest', withManifest(YAML.replace('postgres:18.4', `postgres@sha256:${'0'.repeat(64)}`))],
  ['a manifest of several objects', withManifest(`kind: Service\nmetadata: { name: postgres }\n---\n${YAML}`)],
])('lets %s be', (_, given) => {
  expect(told(given)).toEqual([]);
});
