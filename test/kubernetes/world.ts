import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createClient, type KubernetesClient } from '../../src/kubernetes/client.ts';
import type { Kubeconfig } from '../../src/kubernetes/load-kubeconfig.ts';
import type { Clock } from '../../src/model/clock.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { createCertificate, type TestCertificate } from '../support/certificate.ts';
import { type FakeApiServer, startFakeApiServer } from '../support/fake-api-server.ts';

const DAY_MS = 86_400_000;

export async function startServer(options: Parameters<typeof startFakeApiServer>[0] = {}): Promise<FakeApiServer> {
  const server = await startFakeApiServer(options);
  onTestFinished(() => server.close());
  server.set('/api/v1/pods', []);
  server.set('/api/v1/nodes', []);
  server.set('/apis/apps/v1/replicasets', []);
  return server;
}

export function makeCertificate(): TestCertificate {
  const now = Math.floor(Date.now() / 1_000) * 1_000;
  return createCertificate({ names: ['127.0.0.1'], startsAt: now - DAY_MS, endsAt: now + DAY_MS });
}

/** Says who we are to a server; `user` as client-node reads it. */
export function makeKubeconfig(
  server: FakeApiServer,
  given: Partial<Kubeconfig['server'] & Kubeconfig['user']> = {},
): Kubeconfig {
  return {
    source: 'a test',
    server: { skipTLSVerify: true, ...given, name: 'c', server: server.url },
    user: { ...given, name: 'u' },
  };
}

export function makeClient(
  server: FakeApiServer,
  options: { kubeconfig?: Kubeconfig; clock?: Clock } = {},
): KubernetesClient {
  const { kubeconfig = makeKubeconfig(server), clock = systemClock } = options;
  const client = createClient({ kubeconfig, clock });
  onTestFinished(() => client.close());
  return client;
}

export async function makeDirectory(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'breakwater-kube-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}

/** Waits, by turns of the event loop, until it holds: for what crosses a real socket. */
export async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** A pod as the API serves it. */
export function podObject(
  name: string,
  given: { uid?: string; ip?: string; version?: number; replicaSet?: string; phase?: string; labels?: object } = {},
) {
  const { uid = `uid-${name}`, ip = '10.2.0.5', version = 1, replicaSet, phase = 'Running', labels = {} } = given;
  return {
    metadata: {
      name,
      namespace: 'default',
      uid,
      resourceVersion: String(version),
      creationTimestamp: '2020-12-11T13:00:00Z',
      labels,
      ...(replicaSet !== undefined && {
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: replicaSet, uid: `uid-${replicaSet}`, controller: true },
        ],
      }),
    },
    spec: { nodeName: 'node-a', containers: [{ name: 'app', image: 'site:1' }] },
    status: { phase, podIP: ip, podIPs: [{ ip }], startTime: '2020-12-11T13:00:01Z' },
  };
}

export function nodeObject(name: string, given: { annotations?: object; version?: number } = {}) {
  return {
    metadata: {
      name,
      uid: `uid-${name}`,
      resourceVersion: String(given.version ?? 1),
      annotations: given.annotations ?? {},
    },
    spec: { podCIDR: '10.2.0.0/24', podCIDRs: ['10.2.0.0/24'] },
    status: {
      conditions: [{ type: 'Ready', status: 'True' }],
      addresses: [{ type: 'InternalIP', address: '192.168.1.1' }],
    },
  };
}

export function replicaSetObject(name: string, deployment: string, revision: string) {
  return {
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      annotations: { 'deployment.kubernetes.io/revision': revision },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: deployment, uid: 'd', controller: true }],
    },
    spec: {
      selector: { matchLabels: { app: deployment } },
      template: {
        metadata: { labels: { app: deployment } },
        spec: { containers: [{ name: deployment, image: deployment }] },
      },
    },
  };
}
