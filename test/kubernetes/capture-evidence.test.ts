import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { NewObject } from '../../sandbox/kubernetes/api/object.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createEvidenceGround, type EvidenceGround, PASSWORD, SCOPE, textOf } from './evidence-ground.ts';
import { until } from './world.ts';

const WITHIN_MS = 30_000;
const capture = ({ evidence }: EvidenceGround): Promise<Evidence> => evidence.capture(SCOPE, WITHIN_MS);
const names = ({ files }: Evidence): readonly string[] => files.map(({ name }) => name);
const namesIn = (evidence: Evidence, file: string): readonly string[] =>
  parseAllDocuments(textOf(evidence, file)).map((document) => {
    const { apiVersion, kind, metadata } = document.toJS() as NewObject & {
      readonly apiVersion: string;
      readonly kind: string;
    };
    return `${apiVersion} ${kind} ${metadata.name}`;
  });

const ALL = [
  'deployment-postgres.yaml',
  'events.yaml',
  'nodes.yaml',
  'persistentvolume-pv-1.yaml',
  'persistentvolumeclaim-postgres-storage.yaml',
  'pods.yaml',
  'postgres-1-x.postgres.log',
  'postgres-1-x.postgres.previous.log',
  'replicasets.yaml',
  'services.yaml',
  'volumeattachments.yaml',
];
const without = (...files: readonly string[]): readonly string[] => ALL.filter((name) => !files.includes(name));

describe('the evidence of a database', () => {
  it('has everything that is its own, and nothing of others', async () => {
    const evidence = await capture(await createEvidenceGround());
    expect(evidence.gaps).toEqual([]);
    expect(names(evidence)).toEqual(ALL);
    expect(namesIn(evidence, 'deployment-postgres.yaml')).toEqual(['apps/v1 Deployment postgres']);
    expect(namesIn(evidence, 'pods.yaml').toSorted()).toEqual(['v1 Pod debug', 'v1 Pod postgres-1-x']);
    expect(namesIn(evidence, 'nodes.yaml').toSorted()).toEqual(['v1 Node node-a', 'v1 Node node-b']);
    expect(namesIn(evidence, 'replicasets.yaml')).toEqual(['apps/v1 ReplicaSet postgres-1']);
    expect(namesIn(evidence, 'services.yaml')).toEqual(['v1 Service postgres']);
    expect(namesIn(evidence, 'volumeattachments.yaml')).toEqual(['storage.k8s.io/v1 VolumeAttachment csi-1']);
    expect(namesIn(evidence, 'events.yaml').toSorted()).toEqual([
      'v1 Event postgres-1-x.1',
      'v1 Event postgres-storage.1',
    ]);
    expect(textOf(evidence, 'postgres-1-x.postgres.log')).toContain('now postgres-1-x/postgres, 500 lines');
    expect(textOf(evidence, 'postgres-1-x.postgres.previous.log')).toContain('before postgres-1-x/postgres');
  });

  it('never asks for a Secret, writes nothing, and shows no password', async () => {
    const ground = await createEvidenceGround();
    const { files } = await capture(ground);
    expect(files.filter(({ text }) => text.includes(PASSWORD)).map(({ name }) => name)).toEqual([]);
    expect(files.filter(({ text }) => text.includes('managedFields'))).toEqual([]);
    expect(files.filter(({ text }) => text.includes('[redacted]')).length).toBeGreaterThan(3);
    expect(ground.server.requests.filter(({ path, method }) => path.includes('secret') || method !== 'GET')).toEqual(
      [],
    );
  });

  it('is captured of a StatefulSet, and without a claim', async () => {
    const ground = await createEvidenceGround();
    const workload = { ...SCOPE.workload, kind: 'statefulset' };
    const evidence = await ground.evidence.capture({ workload, claim: null }, WITHIN_MS);
    expect(evidence.gaps).toEqual([
      'claim and volume: none is configured',
      expect.stringMatching(/^workload: The cluster has no such object/),
    ]);
    // Its pods are known by their names then.
    expect(namesIn(evidence, 'pods.yaml')).toEqual(['v1 Pod postgres-1-x']);
  });
});

describe('what cannot be captured', () => {
  it.each<[string, string, readonly string[], RegExp]>([
    ['the workload', '/deployments/postgres', ['deployment-postgres.yaml'], /^workload: The API server answers/],
    ['events', '/events', ['events.yaml'], /^events: /],
    ['services', '/services', ['services.yaml'], /^services: /],
    ['the volume', '/persistentvolumes/', ['persistentvolume-pv-1.yaml'], /^volume: /],
    ['a log', '/log', ALL.filter((name) => name.endsWith('.log')), /^log of postgres-1-x\/postgres: /],
    ['nodes', '/nodes', ['nodes.yaml'], /^node node-[ab]: /],
  ])('is a gap, and the rest is kept: %s', async (_, path, missing, words) => {
    const ground = await createEvidenceGround();
    ground.server.faults.set({ kind: 'refuse', code: 500, path });
    const evidence = await capture(ground);
    expect(names(evidence)).toEqual(without(...missing));
    expect(evidence.gaps[0]).toMatch(words);
  });

  it('is named where the right is missing', async () => {
    const ground = await createEvidenceGround({
      authorise: (_, __, asked) => ({ allowed: asked.kind === 'path' || asked.subresource !== 'log' }),
    });
    const { gaps } = await capture(ground);
    expect(gaps).toHaveLength(2);
    for (const gap of gaps)
      expect(gap).toMatch(/^log of postgres-1-x\/postgres.*: The bot may not do this in the cluster/);
  });

  it('ends when its time is over, with what there is by then', async () => {
    const clock = createManualClock();
    const ground = await createEvidenceGround({ clock });
    ground.server.faults.set({ kind: 'hang', path: '/volumeattachments' });
    const captured = ground.evidence.capture(SCOPE, 3_000);
    // All has been answered but one request: its deadline and that of the whole are slept for.
    await until(() => ground.server.requests.length === ALL.length + 1 && clock.sleeping().length === 2);
    await clock.advance(3_000);
    const evidence = await captured;
    expect(names(evidence)).toEqual(without('volumeattachments.yaml'));
    expect(evidence.gaps).toEqual([expect.stringMatching(/^volume attachments: .*3 s/)]);
  });

  it('waits for a kubelet that does not answer once, and not for each of its logs', async () => {
    const clock = createManualClock();
    const ground = await createEvidenceGround({ clock });
    ground.server.faults.set({ kind: 'hang', path: '/log' });
    const captured = capture(ground);
    await until(() => ground.server.requests.length === ALL.length && clock.sleeping().length === 2);
    await clock.advance(5_000);
    expect((await captured).gaps).toEqual([
      expect.stringMatching(/^log of postgres-1-x\/postgres: .*no answer within 5 s/),
      'log of postgres-1-x/postgres before its restart: not asked for, as its node does not answer',
    ]);
  });

  it('does not throw at objects that are none', async () => {
    const ground = await createEvidenceGround();
    ground.make('', 'pods', {
      metadata: { name: 'postgres-odd', namespace: 'default', labels: { app: 'postgres' } },
      spec: { containers: [{ name: 'postgres', image: 'postgres:12' }] },
      status: { containerStatuses: 5 },
    });
    const evidence = await capture(ground);
    expect(evidence.gaps).toEqual(['logs of a pod: what it says of itself cannot be read']);
    expect(names(evidence)).toEqual(ALL);
  });

  it('is the oldest of many', async () => {
    const ground = await createEvidenceGround();
    for (let index = 0; index < 60; index += 1)
      ground.make('', 'services', {
        metadata: { name: `s-${index}`, namespace: 'default' },
        spec: { selector: { app: 'postgres' }, ports: [{ port: 80 }] },
      });
    const evidence = await capture(ground);
    expect(namesIn(evidence, 'services.yaml')).toHaveLength(50);
    expect(evidence.gaps).toEqual(['services: the newest 50 of 61']);
  });
});
