import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { V1ClusterRole, V1PolicyRule, V1RoleBinding } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { listNeededAccess } from '../../src/check/access-questions.ts';
import type { AccessQuestion } from '../../src/model/access-review.ts';
import { EVERYTHING } from '../check/facts.ts';
import { listUnknownFields } from '../support/unknown-fields.ts';

type Manifest = V1ClusterRole | V1RoleBinding;
const read = (file: string): string => readFileSync(new URL(`../../k8s/${file}`, import.meta.url), 'utf8');
const objects = (file: string) => parseAllDocuments(read(file)).map((document) => document.toJS() as Manifest);

const [clusterRole, clusterBinding] = objects('cluster-role.yaml') as [V1ClusterRole, V1RoleBinding];
const [role, binding] = objects('backup/role.yaml') as [V1ClusterRole, V1RoleBinding];
const [recovery, recoveryBinding] = objects('recovery/workloads/role.yaml') as [V1ClusterRole, V1RoleBinding];
const [nodeLeases, leasesBinding] = objects('recovery/node-leases/role.yaml') as [V1ClusterRole, V1RoleBinding];
const granted = [clusterRole, role, recovery, nodeLeases].flatMap(({ rules }) => rules ?? []);
const needed = listNeededAccess(EVERYTHING).map(({ question }) => question);

const covers = ({ apiGroups, resources, verbs }: V1PolicyRule, { group, resource, verb }: AccessQuestion): boolean =>
  (apiGroups ?? []).includes(group) && (resources ?? []).includes(resource) && verbs.includes(verb);

test('the manifests grant everything that check asks for', () => {
  expect(needed.length).toBeGreaterThan(10);
  expect(needed.filter((question) => !granted.some((rule) => covers(rule, question)))).toEqual([]);
});

test('what is granted beyond that only reads, single objects of what is listed', () => {
  const extra = granted.flatMap(({ resources, verbs }) =>
    (resources ?? []).flatMap((resource) =>
      verbs
        .filter((verb) => !needed.some((question) => question.resource === resource && question.verb === verb))
        .map((verb) => `${verb} ${resource}`),
    ),
  );
  expect(extra).toEqual(['get statefulsets', 'patch statefulsets']);
});

test('nothing is granted wholesale, no Secret is read, and only the roles of the backup and of a recovery write', () => {
  const names = granted.flatMap(({ apiGroups = [], resources = [], verbs }) => apiGroups.concat(resources, verbs));
  expect(names.filter((name) => name.includes('*') || name.includes('secret'))).toEqual([]);
  const writes = ({ rules = [] }: V1ClusterRole): readonly string[] =>
    rules.flatMap(({ verbs, resources = [] }) =>
      verbs.filter((verb) => !['get', 'list', 'watch'].includes(verb)).map((verb) => `${verb} ${resources.join()}`),
    );
  expect([clusterRole, nodeLeases].flatMap(writes)).toEqual([]);
  expect(writes(role)).toEqual(['create jobs']);
  expect(writes(recovery)).toEqual(['patch deployments,statefulsets']);
});

test('each role is bound to the service account of the bot', () => {
  const bindings = [clusterBinding, binding, recoveryBinding, leasesBinding];
  for (const each of bindings) {
    expect(each.subjects).toEqual([{ kind: 'ServiceAccount', name: 'breakwater', namespace: 'breakwater' }]);
  }
  expect(bindings.map(({ roleRef }) => roleRef.name)).toEqual(
    [clusterRole, role, recovery, nodeLeases].map(({ metadata }) => metadata?.name),
  );
});

test('they have only fields that Kubernetes knows, and those that write say what they are worth', () => {
  const manifests = [role, binding, recovery, recoveryBinding, nodeLeases, leasesBinding];
  expect(manifests.flatMap((manifest) => listUnknownFields(manifest, `V1${manifest.kind}`))).toEqual([]);
  for (const file of ['backup/role.yaml', 'recovery/workloads/role.yaml'])
    expect(read(file)).toContain('close to reading its Secrets');
});

test.each([
  ['backup', ['role.yaml'], 'default'],
  ['recovery', ['workloads', 'node-leases'], undefined],
  ['recovery/workloads', ['role.yaml'], 'default'],
  ['recovery/node-leases', ['role.yaml'], 'kube-node-lease'],
])('%s is a kustomization, of the namespace that its rights are for', (directory, resources, namespace) => {
  const kustomization = parse(read(`${directory}/kustomization.yaml`)) as { resources: string[]; namespace?: string };
  expect([kustomization.resources, kustomization.namespace]).toEqual([resources, namespace]);
});

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;

test.skipIf(!hasKubectl)('kubectl builds the rights of a recovery into two namespaces', () => {
  const directory = fileURLToPath(new URL('../../k8s/recovery', import.meta.url));
  const built = parseAllDocuments(execFileSync('kubectl', ['kustomize', directory], { encoding: 'utf8' }));
  const names = built.map((document) => (document.toJS() as Manifest).metadata);
  expect(names.map((metadata) => `${metadata?.namespace}/${metadata?.name}`).toSorted()).toEqual([
    'default/breakwater-recovery',
    'default/breakwater-recovery',
    'kube-node-lease/breakwater-node-leases',
    'kube-node-lease/breakwater-node-leases',
  ]);
});
