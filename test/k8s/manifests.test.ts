import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type {
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1ConfigMap,
  V1Deployment,
  V1Namespace,
  V1Service,
  V1ServiceAccount,
} from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { loadRules } from '../../src/alerts/rule-catalogue.ts';
import { checkConfig } from '../../src/config/check-config.ts';
import { listIdleSections } from '../../src/config/idle-sections.ts';
import { listUnknownFields } from '../support/unknown-fields.ts';

const JOURNAL = '/var/lib/breakwater';
const BASE = fileURLToPath(new URL('../../k8s/', import.meta.url));

interface Manifests {
  readonly ClusterRole: V1ClusterRole;
  readonly ClusterRoleBinding: V1ClusterRoleBinding;
  readonly ConfigMap: V1ConfigMap;
  readonly Deployment: V1Deployment;
  readonly Namespace: V1Namespace;
  readonly Service: V1Service;
  readonly ServiceAccount: V1ServiceAccount;
}
type Manifest = Manifests[keyof Manifests];

interface Kustomization {
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly { readonly name: string; readonly files: readonly string[] }[];
}

/** What a cluster would get: as kubectl builds it where there is one, and always the files by themselves. */
const SOURCES: readonly (readonly [label: string, manifests: readonly Manifest[]])[] = [
  ['the files', readFiles()],
  ...(spawnSync('kubectl', ['version', '--client']).status === 0 ? [['kubectl kustomize', build()] as const] : []),
];

describe.each(SOURCES)('the manifests (%s)', (_, manifests) => {
  const deployment = find(manifests, 'Deployment');
  const pod = deployment.spec?.template.spec;
  const container = pod?.containers[0];

  test('have only fields that Kubernetes knows, of the right kind', () => {
    expect(manifests.flatMap((manifest) => listUnknownFields(manifest, `V1${manifest.kind}`))).toEqual([]);
  });

  test('are what this version needs, and nothing for features that do not exist yet', () => {
    expect(new Set(manifests.map(({ kind }) => kind))).toEqual(
      new Set([
        'ClusterRole',
        'ClusterRoleBinding',
        'ConfigMap',
        'Deployment',
        'Namespace',
        'Service',
        'ServiceAccount',
      ]),
    );
  });

  test('give the token to the bot alone', () => {
    expect(pod?.automountServiceAccountToken).toBe(true);
    expect(find(manifests, 'ServiceAccount').automountServiceAccountToken).toBe(false);
  });

  test('probe the port on which the bot is told to listen', () => {
    const { http } = parse(find(manifests, 'ConfigMap').data?.['breakwater.yaml'] ?? '') as {
      http: { listen: string };
    };
    const [port, ...others] = container?.ports ?? [];
    expect([http.listen, others]).toEqual([`0.0.0.0:${port?.containerPort}`, []]);
    expect(container?.livenessProbe?.httpGet).toEqual({ path: '/livez', port: port?.name });
    expect(container?.readinessProbe?.httpGet).toEqual({ path: '/readyz', port: port?.name });
  });

  test('send metrics scrapes and webhooks to it, also while it is not ready', () => {
    const { spec } = find(manifests, 'Service');
    expect(deployment.spec?.template.metadata?.labels).toMatchObject(spec?.selector ?? { none: '' });
    expect(spec?.publishNotReadyAddresses).toBe(true);
    expect(spec?.ports).toMatchObject([
      { port: container?.ports?.[0]?.containerPort, targetPort: container?.ports?.[0]?.name },
    ]);
  });

  test('never run two bots', () => {
    expect(deployment.spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  });

  test('select the pod that they make', () => {
    expect(deployment.spec?.template.metadata?.labels).toMatchObject(
      deployment.spec?.selector.matchLabels ?? { none: '' },
    );
  });

  test('run it without any privilege, as the Pod Security level "restricted" wants it', () => {
    expect(find(manifests, 'Namespace').metadata?.labels).toHaveProperty(
      ['pod-security.kubernetes.io/enforce'],
      'restricted',
    );
    expect(pod?.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  test('run it as the user for whom the image has its cache', () => {
    const user = /^USER (\d+):(\d+)$/mu.exec(readFileSync(`${BASE}../Dockerfile`, 'utf8'));
    expect([pod?.securityContext?.runAsUser, pod?.securityContext?.runAsGroup].map(String)).toEqual(user?.slice(1));
  });

  test('bound its memory', () => {
    expect(container?.resources?.limits).toHaveProperty('memory');
    expect(container?.resources?.requests).toHaveProperty('memory');
  });

  test('give the journal the only place that can be written to, which the image has too', () => {
    const writable = container?.volumeMounts?.filter(({ readOnly }) => readOnly !== true);
    expect(writable).toEqual([{ name: 'journal', mountPath: JOURNAL }]);
    expect(readFileSync(`${BASE}../Dockerfile`, 'utf8')).toMatch(
      new RegExp(`^RUN install --directory --owner=1000 .*${JOURNAL}$`, 'mu'),
    );
  });

  test('mount the configuration and the secrets where the bot is told to look', () => {
    const mounts = container?.volumeMounts?.map(({ name, mountPath }) => [name, mountPath]);
    expect(mounts).toEqual([
      ['config', '/etc/breakwater'],
      ['secrets', '/run/secrets/breakwater'],
      ['journal', '/var/lib/breakwater'],
    ]);
    const configMap = find(manifests, 'ConfigMap');
    expect(pod?.volumes).toMatchObject([
      { name: 'config', configMap: { name: configMap.metadata?.name } },
      { name: 'secrets', secret: { secretName: 'breakwater' } },
      { name: 'journal', emptyDir: {} },
    ]);
    expect(Object.keys(configMap.data ?? {})).toEqual(['breakwater.yaml']);
    for (const { name, value } of container?.env ?? []) {
      if (name.endsWith('_FILE')) expect(value).toBe(`/run/secrets/breakwater/${name.replace(/_FILE$/u, '')}`);
    }
  });

  test('carry a configuration that the bot takes, with exactly the secrets that it asks for', async () => {
    const source = find(manifests, 'ConfigMap').data?.['breakwater.yaml'] ?? '';
    const env = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
    const read: string[] = [];
    const readFile = (path: string) => {
      read.push(path);
      return 'a-secret\n';
    };
    const checked = checkConfig({ source, directory: '/etc/breakwater', env, rules: await loadRules(), readFile });
    expect(checked.ok ? listIdleSections(checked.config) : checked.faults).toEqual([]);
    expect(checked.ok && checked.config.journal).toEqual({ kind: 'sqlite', path: `${JOURNAL}/breakwater.db` });
    const files = Object.entries(env).flatMap(([name, value]) => (name.endsWith('_FILE') ? [value] : []));
    expect(new Set(read)).toEqual(new Set(files));
  });
});

test('a misspelt field and a value of the wrong kind are found wherever they hide', () => {
  const deployment = structuredClone(find(readFiles(), 'Deployment'));
  const container = deployment.spec?.template.spec?.containers[0];
  Object.assign(container ?? {}, { livenesProbe: {} });
  Object.assign(container?.securityContext ?? {}, { readOnlyRootFilesystem: 'yes' });
  expect(listUnknownFields(deployment, 'V1Deployment')).toEqual([
    'V1Deployment.spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem is no boolean',
    'V1Deployment.spec.template.spec.containers[0].livenesProbe is unknown',
  ]);
});

test('the instructions make every secret that the deployment reads', () => {
  const deployment = find(readFiles(), 'Deployment');
  const instructions = readFileSync(`${BASE}kustomization.yaml`, 'utf8');
  const wanted = deployment.spec?.template.spec?.containers[0]?.env?.filter(({ name }) => name.endsWith('_FILE'));
  const made = [...instructions.matchAll(/--from-file=(\w+)=/gu)].map(([, key]) => `${key}_FILE`);
  expect(made.toSorted()).toEqual(wanted?.map(({ name }) => name).toSorted());
});

function build(): Manifest[] {
  return readAll(execFileSync('kubectl', ['kustomize', BASE], { encoding: 'utf8' }));
}

function readFiles(): Manifest[] {
  const kustomization = parse(readFileSync(`${BASE}kustomization.yaml`, 'utf8')) as Kustomization;
  const resources = kustomization.resources.flatMap((file) => readAll(readFileSync(BASE + file, 'utf8')));
  const configMaps = kustomization.configMapGenerator.map(({ name, files }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: Object.fromEntries(files.map((file) => [file, readFileSync(BASE + file, 'utf8')])),
  }));
  return [...resources, ...configMaps];
}

function readAll(yaml: string): Manifest[] {
  return parseAllDocuments(yaml).map((document) => {
    if (document.errors.length > 0) throw new Error(document.errors.join('\n'));
    return document.toJS() as Manifest;
  });
}

function find<Kind extends keyof Manifests>(manifests: readonly Manifest[], kind: Kind): Manifests[Kind] {
  const found = manifests.filter((manifest) => manifest.kind === kind);
  if (found.length !== 1) throw new Error(`${found.length} manifests of kind ${kind}`);
  return found[0] as Manifests[Kind];
}
