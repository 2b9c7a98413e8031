import { describe, expect, it } from 'vitest';
import nodeNotReady from '../../../src/alerts/rules/node-not-ready.ts';
import type { ClusterNode } from '../../../src/model/cluster.ts';
import { type Observed, seen, unseen } from '../../../src/model/observed.ts';
import { NOW } from '../../support/builders.ts';
import { clusterView, node, pod, watched } from '../../support/place-builders.ts';

const judge = (of: Observed<ClusterNode | null>) => nodeNotReady.evaluate(clusterView({ node: of }));

describe('node-not-ready', () => {
  it.each([
    ['True', 'clear', 'the node node-1 is Ready'],
    ['False', 'firing', 'the node node-1 is NotReady since 2020-12-11 13:23 UTC (its kubelet says so): full'],
    ['Unknown', 'firing', 'the node node-1 is NotReady since 2020-12-11 13:23 UTC (its kubelet is silent): full'],
  ] as const)('judges Ready=%s as %s', (ready, standing, headline) => {
    const of = node({ ready, readySince: NOW - 60_000, readyReason: 'full' });
    expect(judge(seen(of, NOW))).toMatchObject([{ subject: 'node-1', standing, headline }]);
  });

  it('shows what keeps pods away from it', () => {
    const of = node({ ready: 'False', unschedulable: true, taints: ['a=b:NoExecute'] });
    expect(judge(seen(of, NOW))[0]?.evidence).toBe(
      'It is cordoned: no new pod is scheduled there. Taints: a=b:NoExecute.',
    );
  });

  it('tells of a next pod that waits elsewhere', () => {
    const next = pod('postgres', { name: 'postgres-2', node: 'node-2' });
    const place = { node: seen(node({ ready: 'Unknown' }), NOW), workload: watched([next]) };
    expect(nodeNotReady.evaluate(clusterView(place))[0]?.evidence).toBe(
      'The next pod, postgres-2, waits on node-2 for what this one holds.',
    );
  });

  it('has no subject where PostgreSQL is on no node, and freezes whatever fires where that is unknown', () => {
    expect(judge(seen(null, NOW))).toEqual([]);
    expect(judge(unseen('stale', NOW))).toMatchObject([{ subject: '*', standing: 'unknown' }]);
  });

  it('never advises to force anything', () => {
    expect(nodeNotReady.firstStep).toMatch(/Wait.*NotReady proves nothing.*never force-delete/);
  });
});
