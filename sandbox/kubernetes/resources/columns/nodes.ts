import type { KubeObject } from '../../api/object.ts';
import type { Column } from '../../api/resource-type.ts';
import { AGE, orNone } from './cells.ts';

export const NODE_COLUMNS: readonly Column[] = [
  { name: 'Status', cell: printStatus },
  { name: 'Roles', cell: printRoles },
  AGE,
  { name: 'Version', cell: ({ status }) => status?.nodeInfo?.kubeletVersion ?? '' },
  { name: 'Internal-IP', wide: true, cell: (node) => addressOf(node, 'InternalIP') },
  { name: 'External-IP', wide: true, cell: (node) => addressOf(node, 'ExternalIP') },
  { name: 'OS-Image', wide: true, cell: ({ status }) => status?.nodeInfo?.osImage ?? '<unknown>' },
  { name: 'Kernel-Version', wide: true, cell: ({ status }) => status?.nodeInfo?.kernelVersion ?? '<unknown>' },
  {
    name: 'Container-Runtime',
    wide: true,
    cell: ({ status }) => status?.nodeInfo?.containerRuntimeVersion ?? '<unknown>',
  },
];

function printStatus({ spec, status }: KubeObject): string {
  const conditions = (status?.conditions ?? []) as readonly { readonly type: string; readonly status: string }[];
  const ready = conditions.find(({ type }) => type === 'Ready');
  const said = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec?.unschedulable ? `${said},SchedulingDisabled` : said;
}

function printRoles({ metadata }: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(metadata.labels ?? {})
    .filter((label) => label.startsWith(prefix))
    .map((label) => label.slice(prefix.length));
  return roles.length === 0 ? '<none>' : roles.sort().join(',');
}

function addressOf({ status }: KubeObject, wanted: string): string | number {
  const addresses = (status?.addresses ?? []) as readonly { readonly type: string; readonly address: string }[];
  return orNone(addresses.find(({ type }) => type === wanted)?.address);
}
