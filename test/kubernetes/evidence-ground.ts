import { onTestFinished } from 'vitest';
import type { Hooks } from '../../sandbox/kubernetes/api/http/hooks.ts';
import type { NewObject } from '../../sandbox/kubernetes/api/object.ts';
import { createSandboxKubernetes, type SandboxKubernetes } from '../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import { createClusterEvidence } from '../../src/kubernetes/capture-evidence.ts';
import { createClient } from '../../src/kubernetes/client.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { ClusterEvidence, Evidence, EvidenceScope } from '../../src/model/evidence.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

export const PASSWORD = 'hunter2-hunter2';
export const SCOPE: EvidenceScope = {
  workload: { namespace: 'default', kind: 'deployment', name: 'postgres' },
  claim: { namespace: 'default', kind: 'persistentvolumeclaim', name: 'postgres-storage' },
};

export interface EvidenceGround {
  readonly server: SandboxKubernetes;
  readonly evidence: ClusterEvidence;
  make(group: string, plural: string, object: object): void;
}

/** A cluster with the database `postgres`, everything around it, and something else of each kind. Nothing in it moves. */
export async function createEvidenceGround(options: Hooks & { readonly clock?: Clock } = {}): Promise<EvidenceGround> {
  const { clock = systemClock, ...hooks } = options;
  const server = await createSandboxKubernetes({
    ...hooks,
    logs: (_, pod, { container, previous, tailLines }) =>
      `${previous ? 'before' : 'now'} ${pod}/${container}, ${tailLines} lines\nPASSWORD '${PASSWORD}'\n`,
  });
  onTestFinished(() => server.close());
  const make: EvidenceGround['make'] = (group, plural, object) => {
    const type = server.api.find(group, plural);
    if (!type) throw new Error(`${plural} are not served`);
    server.api.create(type, object as NewObject);
  };
  fill(make);
  const kubeconfig = {
    source: 'a test',
    server: { name: 'c', server: server.url, skipTLSVerify: true },
    user: { name: 'u' },
  };
  const client = createClient({ kubeconfig, clock });
  onTestFinished(() => client.close());
  return { server, make, evidence: createClusterEvidence({ client, clock, log: createRecordedLog() }) };
}

export function textOf({ files }: Evidence, name: string): string {
  const found = files.find((file) => file.name === name);
  if (!found) throw new Error(`no ${name} among ${files.map((file) => file.name).join(', ')}`);
  return found.text;
}

function fill(make: EvidenceGround['make']): void {
  const named = (name: string, more: object = {}) => ({ name, namespace: 'default', ...more });
  const labels = { app: 'postgres' };
  const container = {
    name: 'postgres',
    image: 'postgres:12',
    env: [{ name: 'POSTGRES_PASSWORD', value: PASSWORD }],
  };
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'postgres-storage' } }];
  const template = { metadata: { labels }, spec: { containers: [container], volumes } };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  const applied = JSON.stringify({ spec });
  make('apps', 'deployments', {
    metadata: named('postgres', {
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': applied },
      managedFields: [{ manager: 'kubectl' }],
    }),
    spec,
  });
  const owned = (owner: string) => ({
    labels,
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: owner, uid: 'u', controller: true }],
  });
  make('apps', 'replicasets', { metadata: named('postgres-1', owned('postgres')), spec });
  make('apps', 'replicasets', { metadata: named('site-1', owned('site')), spec });

  const status = (restartCount: number) => ({
    phase: 'Running',
    containerStatuses: [{ name: 'postgres', restartCount, state: { running: {} } }],
  });
  const pod = { containers: [container], nodeName: 'node-a' };
  make('', 'pods', { metadata: named('postgres-1-x', { labels }), spec: { ...pod, volumes }, status: status(2) });
  // Somebody's debugging pod, which mounts the volume as well.
  make('', 'pods', { metadata: named('debug'), spec: { ...pod, volumes, nodeName: 'node-b' } });
  make('', 'pods', { metadata: named('site-1-x', { labels: { app: 'site' } }), spec: pod, status: status(0) });
  for (const name of ['node-a', 'node-b', 'node-c']) make('', 'nodes', { metadata: { name }, spec: {} });
  make('', 'services', { metadata: named('postgres'), spec: { selector: labels, ports: [{ port: 5432 }] } });
  make('', 'services', { metadata: named('site'), spec: { selector: { app: 'site' }, ports: [{ port: 80 }] } });
  make('', 'services', { metadata: named('elsewhere'), spec: { ports: [{ port: 80 }] } });

  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, volumeName: 'pv-1' };
  make('', 'persistentvolumeclaims', { metadata: named('postgres-storage'), spec: claim });
  const csi = { driver: 'd', volumeHandle: '1-x', volumeAttributes: { token: PASSWORD } };
  const volume = { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, csi };
  make('', 'persistentvolumes', { metadata: { name: 'pv-1' }, spec: volume });
  const attachment = (name: string, of: string) =>
    make('storage.k8s.io', 'volumeattachments', {
      metadata: { name },
      spec: { attacher: 'd', nodeName: 'node-a', source: { persistentVolumeName: of } },
    });
  attachment('csi-1', 'pv-1');
  attachment('csi-2', 'pv-2');
  for (const about of ['postgres-1-x', 'postgres-storage', 'site-1-x'])
    make('', 'events', {
      metadata: named(`${about}.1`),
      involvedObject: { kind: 'Pod', name: about, namespace: 'default' },
      reason: 'Said',
      message: `about ${about}`,
      lastTimestamp: '2020-12-11T13:24:00Z',
    });
  make('', 'secrets', { metadata: named('postgres'), stringData: { password: PASSWORD } });
}
