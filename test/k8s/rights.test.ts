import { readFileSync } from 'node:fs';
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
const granted = [...(clusterRole.rules ?? []), ...(role.rules ?? [])];
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
  expect(extra).toEqual(['get statefulsets']);
});

test('nothing is granted wholesale, no Secret is read, and only the role of the backup writes', () => {
  const names = granted.flatMap(({ apiGroups = [], resources = [], verbs }) => apiGroups.concat(resources, verbs));
  expect(names.filter((name) => name.includes('*') || name.includes('secret'))).toEqual([]);
  const writes = (clusterRole.rules ?? []).flatMap(({ verbs }) =>
    verbs.filter((verb) => !['get', 'list', 'watch'].includes(verb)),
  );
  expect(writes).toEqual([]);
  expect(role.rules?.flatMap(({ verbs }) => verbs)).toEqual(['create', 'get']);
});

test('each role is bound to the service account of the bot', () => {
  for (const each of [clusterBinding, binding]) {
    expect(each.subjects).toEqual([{ kind: 'ServiceAccount', name: 'breakwater', namespace: 'breakwater' }]);
  }
  expect([clusterBinding.roleRef.name, binding.roleRef.name]).toEqual([
    clusterRole.metadata?.name,
    role.metadata?.name,
  ]);
});

test('they have only fields that Kubernetes knows, and the role of the backup says what it is worth', () => {
  expect([role, binding].flatMap((manifest) => listUnknownFields(manifest, `V1${manifest.kind}`))).toEqual([]);
  expect(read('backup/role.yaml')).toContain('close to reading its Secrets');
  const { resources, namespace } = parse(read('backup/kustomization.yaml')) as {
    resources: string[];
    namespace: string;
  };
  expect([resources, namespace]).toEqual([['role.yaml'], 'default']);
});
