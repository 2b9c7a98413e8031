import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../src/model/cluster.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import type { OrphanReport } from '../../src/model/orphan.ts';
import type { ClusterPlace } from '../../src/model/place.ts';
import { renderPresentOrphans } from '../../src/render/status-orphans.ts';
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
  vanishedPod,
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
      { name: 'Last backup', value: `succeeded ${at(HOUR_MS)}` },
      {
        name: 'Where it runs',
        value: [
          `Pod **postgres-6f7d-abcde**: became ready ${at(HOUR_MS)}, 0 restarts, on node-1`,
          `Node **node-1**: became Ready ${at(24 * HOUR_MS)}`,
          'Volume **postgres-storage**: Retain, attached to node-1',
        ].join('\n'),
      },
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
    const parts = { workload: blind, dependents: [blind], node: lost, storage: lost };
    const lines = renderPlace(place({ ...parts, backups: { found: lost, maxAgeMs: 1 } })).flatMap(({ value }) =>
      value.split('\n'),
    );
    const why = /unknown: the API server does not answer$/;
    expect(lines.filter((line) => why.test(line))).toHaveLength(lines.length - 1);
    expect(lines).toHaveLength(6);
  });

  it('says once why nothing at all is known', () => {
    const lost = unseen('the API server does not answer', NOW);
    const blind = watched([], { workload: unseen('does not answer', NOW), pods: lost });
    const parts = { workload: blind, dependents: [blind, blind], node: lost, storage: lost, orphans: lost };
    expect(renderPlace(place({ ...parts, backups: { found: lost, maxAgeMs: 1 } }))).toEqual([
      {
        name: 'Cluster',
        value: 'Orphaned sessions, pods, volume and backups are **unknown**: the API server does not answer',
      },
    ]);
  });

  it('says once what several dependents suffer from', () => {
    const dependents = [1, 2, 3, 4].map(() => dependent([], 1));
    expect(fieldOf('Dependents', { dependents })).toBe('site, site, site and 1 more: ⚠️ 0 of 1 ready');
  });

  const orphansOf = (report: OrphanReport) =>
    renderPresentOrphans(place({ orphans: seen(report, NOW) })).flatMap(({ name, value }) =>
      `${name}\n${value}`.split('\n'),
    );

  it('tells the orphaned by rollout, their numbers in a column, and counts what is in doubt', () => {
    const gone = (revision: string, name: string) =>
      vanishedPod({ uid: name, name, owner: { kind: 'Deployment', name: 'site', revision } });
    const groups = [
      orphanGroup({ count: 8, pod: gone('1', 'site-a') }),
      orphanGroup({ count: 8, pod: gone('1', 'site-b') }),
      ...['2', '3', '4', '5'].map((revision) => orphanGroup({ count: 2, pod: gone(revision, `site-${revision}`) })),
    ];
    expect(orphansOf(orphanReport(groups, { unknown: 3, reused: 2 }))).toEqual([
      'Orphaned sessions: 24',
      '`16` of deployment site, revision 1 (2 pods), the oldest 3 h',
      '-# 8 site-a, 8 site-b',
      '` 2` of site-2 (deployment site, revision 2), the oldest 3 h',
      '` 2` of site-3 (deployment site, revision 3), the oldest 3 h',
      '` 2` of site-4 (deployment site, revision 4), the oldest 3 h',
      '-# and of 1 more pod',
      '-# 3 more whose owner is unknown: never ended here',
      '-# 2 more whose address a newer pod has now: never ended here',
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
      `Node **node-1**: became ⚠️ **NotReady** ${at(24 * HOUR_MS)}, cordoned`,
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
      'Volume **postgres-storage** (pvc-123): Retain, attached nowhere',
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
      `one is running, it began ${at(60_000)}`,
      '⚠️ its CronJob is suspended',
    ]);
  });

  it('names the dependents that are not well, and counts the rest', () => {
    const bad = pod('site', { ready: false, containers: [container({ waiting: 'ImagePullBackOff' })] });
    const dependents = [dependent([bad], 2), dependent([], 0), dependent([pod('site')], 1)];
    expect(fieldOf('Dependents', { dependents })?.split('\n')).toEqual([
      'site: ⚠️ 0 of 2 ready, ImagePullBackOff',
      'site: scaled to 0',
      '1 more ready',
    ]);
  });

  it('takes 1,900 characters at most, and forms nothing out of hostile names', () => {
    fc.assert(
      fc.property(clusterViews, fc.string({ unit: 'binary', maxLength: 300 }), (view, text) => {
        const long = { ...view.place, storage: unseen(text, NOW) };
        const fields = [...renderPresentOrphans(long), ...renderPlace(long)];
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
