import { expect, it } from 'vitest';
import { listNeededAccess } from '../../src/check/access-questions.ts';
import { type ClusterPorts, readClusterFacts } from '../../src/check/read-cluster-facts.ts';
import { seen } from '../../src/model/observed.ts';
import { formatWorkloadReference, type WorkloadReference } from '../../src/model/workload-reference.ts';
import {
  BACKUP,
  backups,
  CLAIM,
  clusterFacts,
  EVERYTHING,
  facts,
  MANIFEST,
  problems,
  SITE,
  storage,
  WORKLOAD,
  workload,
  YAML,
} from './facts.ts';

function fakePorts() {
  const asked: string[] = [];
  const note = <T>(reference: WorkloadReference, value: T) => {
    asked.push(formatWorkloadReference(reference));
    return Promise.resolve(seen(value, 0));
  };
  const ports: ClusterPorts = {
    cluster: { list: async () => clusterFacts().state },
    objects: {
      readWorkload: (reference) => note(reference, workload()),
      readStorage: (reference) => note(reference, storage()),
    },
    backups: { read: (reference) => note(reference, backups()) },
    access: {
      review: async (questions) =>
        seen(
          questions.map((question) => ({ question, allowed: true, reason: '' })),
          0,
        ),
    },
  };
  return { ports, asked };
}

it('asks for everything that is configured, once', async () => {
  const { ports, asked } = fakePorts();
  const [main] = EVERYTHING.databases;
  const config = { ...EVERYTHING, databases: [main, { ...main, name: 'other' }] as const };
  const read = await readClusterFacts(config, ports, async (path) => ({
    ok: true,
    text: path === MANIFEST ? YAML : '',
  }));
  expect(asked.toSorted()).toEqual([BACKUP, CLAIM, SITE, WORKLOAD].toSorted());
  expect(problems(facts({ cluster: read }))).toEqual([]);
});

it('asks for access to what it needs, with nothing beside the question', async () => {
  const { ports } = fakePorts();
  const { access } = await readClusterFacts(EVERYTHING, ports, async () => ({ ok: false, code: 'ENOENT' }));
  expect(access.ok && access.value.map(({ question }) => question)).toEqual(
    listNeededAccess(EVERYTHING).map(({ question }) => question),
  );
});
