import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../src/model/cluster.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import type { ClusterPlace } from '../../src/model/place.ts';
import { renderPlace } from '../../src/render/status-place.ts';
import { NOW } from '../support/builders.ts';
import { clusterViews } from '../support/cluster-views.ts';
import {
  backupJob,
  backups,
  container,
  node,
  orphanGroup,
  orphanReport,
  POSTGRES,
  place,
  pod,
  SITE,
  storage,
  watched,
  workload,
} from '../support/place-builders.ts';

const at = (ms: number) => `<t:${(NOW - ms) / 1_000}:R>`;
const HOUR_MS = 3_600_000;
const postgres = (parts: Partial<Pod> = {}) => pod('postgres', parts);
const fieldOf = (name: string, parts: Partial<ClusterPlace> = {}) =>
  renderPlace(place(parts)).find((field) => field.name === name)?.value;
const dependent = (pods: readonly Pod[], desired: number) =>
  watched(pods, { reference: SITE, role: 'dependent', workload: seen(workload(SITE, { desired }), NOW) });

describe('the place of a database in /db status', () => {
  it('is short while all is well', () => {
    expect(renderPlace(place())).toEqual([
      { name: 'Orphaned sessions', value: 'none' },
      {
        name: 'Where it runs',
        value: [
          `Pod **postgres-6f7d-abcde**: ready since ${at(HOUR_MS)}, 0 restarts, on node-1`,
          `Node **node-1**: Ready since ${at(24 * HOUR_MS)}`,
          'Volume **pvc-123** of claim postgres-storage: Retain, attached to node-1',
        ].join('\n'),
      },
      { name: 'Last backup', value: `succeeded ${at(HOUR_MS)}` },
      { name: 'Dependents', value: '1 of 1 ready' },
    ]);
  });

  it('says nothing of what is not configured', () => {
    const nothing = { workload: null, dependents: [], node: null, storage: null, backups: null, orphans: null };
    expect(renderPlace(nothing)).toEqual([]);
  });

  it('says why a part is unknown, and never leaves it out', () => {
    const lost = unseen('the API server does not answer', NOW);
    const blind = watched([], { workload: lost, pods: lost });
    const parts = { workload: blind, dependents: [blind], node: lost, storage: lost, orphans: lost };
    const lines = renderPlace(place({ ...parts, backups: { found: lost, maxAgeMs: 1 } })).flatMap(({ value }) =>
      value.split('\n'),
    );
    expect(lines).toHaveLength(6);
    for (const line of lines) expect(line).toMatch(/unknown, the API server does not answer$/);
  });

  it('names the largest vanished pods with their rollouts, and counts what is in doubt', () => {
    const groups = [31, 9, 4, 2, 1].map((count) => orphanGroup({ count }));
    const report = orphanReport([...groups, orphanGroup({ count: 1, pod: null })], { unknown: 3, reused: 2 });
    expect(fieldOf('Orphaned sessions', { orphans: seen(report, NOW) })?.split('\n')).toEqual([
      '**48** in all',
      '`31` of site-5c1a-old (deployment site, revision 11), the oldest 3 h',
      '`9` of site-5c1a-old (deployment site, revision 11), the oldest 3 h',
      '`4` of site-5c1a-old (deployment site, revision 11), the oldest 3 h',
      '`2` of site-5c1a-old (deployment site, revision 11), the oldest 3 h',
      '-# and of 2 more pods',
      '-# Of 3 more it is unknown whose they are: none of them is ever ended here',
      '-# 2 with an address reused by a newer pod: none of them is ever ended here',
    ]);
  });

  it.each<[string, Partial<ClusterPlace>, string]>([
    [
      'a pod that is not well',
      {
        workload: watched([
          postgres({
            ready: false,
            readySince: null,
            node: null,
            containers: [container({ waiting: 'CrashLoopBackOff', restarts: 1 })],
          }),
        ]),
      },
      'Pod **postgres-6f7d-abcde**: ⚠️ not ready, CrashLoopBackOff, 1 restart, ⚠️ not scheduled',
    ],
    [
      'a second pod beside it',
      {
        workload: watched([
          postgres({ scheduledAt: NOW }),
          postgres({ name: 'old', terminatingAt: NOW, node: 'node-2' }),
        ]),
      },
      '⚠️ another pod of it: old on node-2, Terminating',
    ],
    ['no pod', { workload: watched([]) }, 'Pod: none, ⚠️ though 1 should be there'],
    [
      'that it is scaled to 0',
      { workload: watched([], { workload: seen(workload(POSTGRES, { desired: 0 }), NOW) }) },
      'Pod: none, it is scaled to 0',
    ],
    [
      'that it is gone',
      { workload: watched([], { workload: seen(null, NOW) }) },
      'Pod: ⚠️ default/deployment/postgres does not exist',
    ],
    [
      'a silent node',
      { node: seen(node({ ready: 'Unknown', unschedulable: true }), NOW) },
      `Node **node-1**: ⚠️ **NotReady** since ${at(24 * HOUR_MS)}, cordoned`,
    ],
    ['that the claim is gone', { storage: seen(null, NOW) }, 'Volume: ⚠️ its claim does not exist'],
    [
      'a claim without a volume',
      { storage: seen(storage({ volume: null }), NOW) },
      'Volume: ⚠️ none, claim postgres-storage is Bound',
    ],
    [
      'that it is attached nowhere',
      { storage: seen(storage({ attachments: [] }), NOW) },
      'Volume **pvc-123** of claim postgres-storage: Retain, attached nowhere',
    ],
  ])('shows %s', (_, parts, line) => {
    expect(fieldOf('Where it runs', parts)?.split('\n')).toContain(line);
  });

  it('warns of a volume that goes with its claim, and shows what attaching says', () => {
    const of = storage();
    const volume = of.volume && { ...of.volume, reclaimPolicy: 'Delete' };
    const going = { name: 'a', node: 'node-2', attached: true, detaching: true, error: 'still mounted' };
    expect(fieldOf('Where it runs', { storage: seen({ ...of, volume, attachments: [going] }, NOW) })).toContain(
      '⚠️ reclaim policy Delete, detaching from node-2 (⚠️ still mounted)',
    );
  });

  it('shows a failed and a running backup, and that its CronJob is suspended', () => {
    const jobs = [
      backupJob({ state: 'running', startedAt: NOW - 60_000 }),
      backupJob({ state: 'failed', endedAt: NOW - HOUR_MS, reason: 'no space' }),
    ];
    const found = seen(backups({ lastSuccessAt: null, suspended: true, jobs }), NOW);
    expect(fieldOf('Last backup', { backups: { found, maxAgeMs: 1 } })?.split('\n')).toEqual([
      '⚠️ none has succeeded, as far as is known',
      `⚠️ the last one failed ${at(HOUR_MS)}: no space`,
      `one is running since ${at(60_000)}`,
      '⚠️ its CronJob is suspended',
    ]);
  });

  it('names the dependents that are not well, and counts the rest', () => {
    const bad = pod('site', { ready: false, containers: [container({ waiting: 'ImagePullBackOff' })] });
    const dependents = [dependent([bad], 2), dependent([], 0), dependent([pod('site')], 1)];
    expect(fieldOf('Dependents', { dependents })?.split('\n')).toEqual([
      'default/deployment/site: ⚠️ 0 of 2 ready, ImagePullBackOff',
      'default/deployment/site: scaled to 0',
      '1 more ready',
    ]);
  });

  it('takes 1,900 characters at most, and forms nothing out of hostile names', () => {
    fc.assert(
      fc.property(clusterViews, fc.string({ unit: 'binary', maxLength: 300 }), (view, text) => {
        const long = { ...view.place, storage: unseen(text, NOW) };
        const fields = renderPlace(long);
        expect(fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0)).toBeLessThan(1_900);
        for (const { value } of fields) {
          expect(value).not.toBe('');
          expect(value).not.toMatch(/(?<!\\)@everyone|(?<!\\)<@1>|(?<!\\)\[a\]/);
        }
      }),
      { numRuns: 200 },
    );
  });
});
