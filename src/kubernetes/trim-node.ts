import { isIP } from 'node:net';
import { z } from 'zod';
import type { ClusterNode } from '../model/cluster.ts';
import { stripInvisible } from '../model/plain-text.ts';
import type { Intern } from './interner.ts';
import { list, metadataSchema, readTime } from './metadata.ts';

/** Cuts a node down as it comes in. Throws ZodError for what is no node. */
export function trimNode(object: unknown, intern: Intern): ClusterNode {
  const { metadata, spec, status } = nodeSchema.parse(object);
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  return {
    name: intern(metadata.name),
    uid: metadata.uid,
    addresses: status.addresses.map(({ address }) => address).filter((address) => isIP(address) !== 0),
    podCidrs: spec.podCIDRs.length > 0 ? spec.podCIDRs : spec.podCIDR ? [spec.podCIDR] : [],
    tunnelAddresses: listTunnelAddresses(metadata.annotations),
    ready: READY.find((each) => each === ready?.status) ?? 'Unknown',
    readySince: readTime(ready?.lastTransitionTime),
    readyReason: stripInvisible([ready?.reason, ready?.message].filter((text) => text).join(': ')).slice(0, 300),
    unschedulable: spec.unschedulable === true,
    taints: spec.taints.map(({ key, value, effect }) => intern(`${key}${value ? `=${value}` : ''}:${effect}`)),
    providerId: spec.providerID ? spec.providerID : null,
    volumesInUse: status.volumesInUse,
  };
}

/** What the network plugins write on a node, their addresses inside the pod networks among it. */
export function listTunnelAddresses(annotations: Readonly<Record<string, string>>): readonly string[] {
  const found = Object.entries(annotations)
    .filter(([key]) => ADDRESS_ANNOTATIONS.some((each) => each.test(key)))
    .flatMap(([, value]) => value.split(','))
    // Some are written as 10.2.0.1/32.
    .map((value) => value.trim().replace(/\/\d+$/, ''));
  return [...new Set(found)].filter((address) => isIP(address) !== 0);
}

const READY = ['True', 'False', 'Unknown'] as const;

const ADDRESS_ANNOTATIONS: readonly RegExp[] = [
  // Calico: libcalico-go/lib/backend/k8s/resources/node.go
  /^projectcalico\.org\/IPv[46](IPIPTunnelAddr|VXLANTunnelAddr|WireguardInterfaceAddr|Address)$/,
  // Cilium: pkg/annotation/k8s.go, its former names too
  /^(io\.cilium\.network\.|network\.cilium\.io\/)ipv[46]-(cilium-host|health-ip|ingress-ip)$/i,
  // Flannel: pkg/subnet/kube/annotations.go
  /^flannel\.alpha\.coreos\.com\/public-ip(v6)?(-overwrite)?$/,
];

const nodeSchema = z.object({
  metadata: metadataSchema,
  spec: z
    .object({
      podCIDR: z.string().nullish(),
      podCIDRs: list(z.string()),
      providerID: z.string().nullish(),
      unschedulable: z.boolean().nullish(),
      taints: list(z.object({ key: z.string(), value: z.string().nullish(), effect: z.string() })),
    })
    .default({ podCIDRs: [], taints: [] }),
  status: z
    .object({
      addresses: list(z.object({ address: z.string() })),
      conditions: list(
        z.object({
          type: z.string(),
          status: z.string(),
          reason: z.string().nullish(),
          message: z.string().nullish(),
          lastTransitionTime: z.string().nullish(),
        }),
      ),
      volumesInUse: list(z.string()),
    })
    .default({ addresses: [], conditions: [], volumesInUse: [] }),
});
