import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import type { KubeApi } from '../../kubernetes/api/kube-api.ts';
import type { NewObject } from '../../kubernetes/api/object.ts';

/** What the kustomizations put into these namespaces; the objects that have none are in the cluster's own. */
const FILES = [
  { file: 'service-account.yaml', namespace: 'breakwater' },
  { file: 'cluster-role.yaml', namespace: 'breakwater' },
  { file: 'backup/role.yaml', namespace: 'default' },
  { file: 'recovery/workloads/role.yaml', namespace: 'default' },
  { file: 'recovery/node-leases/role.yaml', namespace: 'kube-node-lease' },
] as const;

/** Who the bot is to the API server. */
export const BOT_ACCOUNT = { namespace: 'breakwater', name: 'breakwater' } as const;

/** Gives the bot exactly the rights of k8s/, and no others: what it lacks there, it lacks here. */
export function grantRights(api: KubeApi): void {
  for (const { file, namespace } of FILES) {
    const text = readFileSync(new URL(`../../../k8s/${file}`, import.meta.url), 'utf8');
    for (const document of parseAllDocuments(text)) {
      const object = document.toJS() as NewObject;
      const type = api.types().find(({ kind }) => kind === object['kind']);
      if (type === undefined) throw new Error(`${file} has a ${String(object['kind'])}, which is not served`);
      api.create(type, { ...object, metadata: { ...object.metadata, ...(type.namespaced && { namespace }) } });
    }
  }
}
