import { describe, expect, it } from 'vitest';
import connectionsOrphaned from '../../../src/alerts/rules/connections-orphaned.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import type { OrphanReport } from '../../../src/model/orphan.ts';
import { NOW } from '../../support/builders.ts';
import { clusterView, orphanGroup, orphanReport, vanishedPod } from '../../support/place-builders.ts';
import { set } from '../../support/rule-findings.ts';

const judge = (report: OrphanReport, written = {}) =>
  connectionsOrphaned.evaluate(clusterView({ orphans: seen(report, NOW) }), set(connectionsOrphaned, written))[0];
const count = (of: number, parts: Partial<OrphanReport> = {}) =>
  orphanReport(of === 0 ? [] : [orphanGroup({ count: of })], parts);

describe('connections-orphaned', () => {
  it.each([
    [10, 'firing'],
    [9, 'holding'],
    [5, 'holding'],
    [4, 'clear'],
    [0, 'clear'],
  ] as const)('judges %i orphaned sessions as %s', (of, standing) => {
    expect(judge(count(of))).toMatchObject({ subject: 'orphaned', standing, value: of, fireAt: 10, unit: 'count' });
  });

  it.each([
    [0, 9, 'clear'],
    [0, 10, 'unknown'],
    [4, 6, 'unknown'],
    [5, 6, 'holding'],
    [10, 6, 'firing'],
  ] as const)('does not take %i for all where the owners of %i cannot be told: %s', (known, unknown, standing) => {
    expect(judge(count(known, { unknown }))?.standing).toBe(standing);
  });

  it('resolves when nobody is left, though `clear` be 0', () => {
    expect(judge(count(0), { clear: 0 })?.standing).toBe('clear');
  });

  it('says how many, how old, and of which pod and rollout the most are', () => {
    const report = orphanReport([
      orphanGroup({ count: 31, oldestMs: 3 * 3_600_000 }),
      orphanGroup({ count: 4, oldestMs: 5 * 3_600_000, address: '10.2.0.9', pod: null }),
      orphanGroup({ count: 2, pod: vanishedPod({ name: 'bare', owner: null }), applications: [] }),
    ]);
    expect(judge(report)).toMatchObject({
      headline: '37 orphaned sessions, the oldest 5 h: 31 of site-5c1a-old (deployment site, revision 11)',
      evidence:
        'By pod: 31 of site-5c1a-old (deployment site, revision 11), gone since 2020-12-11 11:24 UTC; 4 of a pod at 10.2.0.9 that went before 2020-12-10 13:24 UTC (site); 2 of bare, gone since 2020-12-11 11:24 UTC.',
    });
  });

  it('tells the pods of one rollout together, and names the largest', () => {
    const pods = ['site-a', 'site-b', 'site-c'].map((name) => vanishedPod({ name, uid: name }));
    expect(judge(orphanReport(pods.map((pod, at) => orphanGroup({ count: 9 - at, pod }))))).toMatchObject({
      headline: '24 orphaned sessions, the oldest 3 h: all of deployment site, revision 11 (3 pods)',
      evidence:
        'By pod: 24 of deployment site, revision 11 (3 pods), as site-a. All are gone since 2020-12-11 11:24 UTC.',
    });
  });

  it('names the four largest pods, how many others there are, and whose address was taken', () => {
    const groups = Array.from({ length: 6 }, (_, at) =>
      orphanGroup({ count: 9 - at, pod: null, address: `10.2.0.${at}` }),
    );
    const evidence = judge(orphanReport(groups, { reused: 3 }))?.evidence ?? '';
    expect(evidence).toContain('10.2.0.3');
    expect(evidence).not.toContain('10.2.0.4');
    expect(evidence).toContain('and 2 more. 3 more are older than the pod that has their address now');
  });

  it('is unknown where nobody can tell, and says why', () => {
    const view = clusterView({ orphans: unseen('the API server does not answer', NOW) });
    expect(connectionsOrphaned.evaluate(view, set(connectionsOrphaned))).toMatchObject([
      { subject: 'orphaned', standing: 'unknown', headline: expect.stringContaining('does not answer') },
    ]);
  });
});
