import { describe, expect, it } from 'vitest';
import { seen, unseen } from '../../src/model/observed.ts';
import { diagnose } from '../../src/recovery/diagnose.ts';
import type { RecoveryFacts } from '../../src/recovery/facts.ts';
import { group, NOW } from '../support/builders.ts';
import { clusterEvent, container, node, orphanGroup, orphanReport, pod, workload } from '../support/place-builders.ts';
import { facts, heard, inCluster } from '../support/recovery-facts.ts';

const MINUTE_MS = 60_000;
const FULL_OF_SITE = [group({ count: 80 }), group({ user: 'metricity', count: 17 })];

/** The outages that the tool was born from (product.md §1), each as it would have been seen. */
describe('the outages of product.md §1', () => {
  it('2020-12-11, full of sessions of earlier deployments: kill-stale, and no harsher', () => {
    const orphans = seen(orphanReport([orphanGroup({ count: 31 }), orphanGroup({ count: 14 })]), NOW);
    const { headline, advice, reasons } = diagnose(
      facts({ snapshot: heard('completely-full', FULL_OF_SITE), orphans }),
    );
    expect(advice).toEqual({ kind: 'recover', strategy: 'kill-stale', target: null });
    expect(headline).toMatch(
      /97 of 97 usable connections are in use \(max 100\); site holds the most, 80 \(limit 32\)/,
    );
    expect(reasons.join(' ')).toMatch(/45 sessions orphaned .*nothing harsher is needed/);
  });

  it('2020-12-11, with nothing stale to end, and hung: restart', () => {
    const diagnosis = diagnose(facts({ snapshot: heard('frozen', FULL_OF_SITE, { tookMs: 3_000 }) }));
    expect(diagnosis).toMatchObject({ condition: 'hung', advice: { strategy: 'restart' } });
    expect(diagnosis.headline).toContain('heard nothing for 3 s');
    expect(diagnosis.reasons.join(' ')).toMatch(
      /held session still answers: 97 of 97.*Not `kill-stale`.*Not `remount`/,
    );
  });

  const notReadyFor = (ms: number, parts: Partial<RecoveryFacts> = {}): RecoveryFacts =>
    facts({
      snapshot: heard('frozen', null, { tookMs: 3_000 }),
      cluster: inCluster([pod('postgres', { ready: false })], {
        nodes: [node({ ready: 'Unknown', readySince: NOW - ms, readyReason: 'NodeStatusUnknown' })],
      }),
      ...parts,
    });

  it('autovacuum drives a node to NotReady: wait two minutes, for it comes back', () => {
    const { condition, headline, advice } = diagnose(notReadyFor(90_000));
    expect([condition, advice.kind]).toEqual(['node-not-ready', 'wait']);
    expect(headline).toMatch(/node node-1 under PostgreSQL is not Ready since 13:22:30 UTC, 1 min 30 s \(NodeStatus/);
  });

  it('autovacuum drives a node to NotReady, and then nothing on it answers: remount, which this version has not', () => {
    const { condition, advice, reasons } = diagnose(notReadyFor(2 * MINUTE_MS));
    expect(condition).toBe('node-dead');
    expect(advice).toEqual({ kind: 'recover', strategy: 'remount', target: null });
    expect(reasons.join(' ')).toMatch(/Not `restart`.*Never force-delete.*not available in this version/);
  });

  it('autovacuum drives a node to NotReady, while the held session answers: wait, however long', () => {
    const snapshot = heard('frozen', FULL_OF_SITE, { tookMs: 3_000 });
    const { condition, advice, reasons } = diagnose(notReadyFor(60 * MINUTE_MS, { snapshot }));
    expect([condition, advice.kind]).toEqual(['node-not-ready', 'wait']);
    expect(reasons.join(' ')).toContain('nothing must be taken from a server that lives');
  });

  it('OOM-killed and in crash recovery: wait, and say why', () => {
    const lastEnd = { reason: 'OOMKilled', at: NOW - 40_000, exitCode: 137 };
    const killed = pod('postgres', { ready: false, containers: [container({ restarts: 2, lastEnd })] });
    const { condition, advice, reasons } = diagnose(
      facts({ snapshot: heard('crash-recovery', null), cluster: inCluster([killed]) }),
    );
    expect([condition, advice.kind]).toEqual(['crash-recovery', 'wait']);
    expect(reasons.join(' ')).toMatch(/OOMKilled at 13:23:20 UTC, 40 s ago.*started again 2 times.*Not `restart`/);
  });

  it('a surge, seen by its rise five minutes before it is full: the gentle rungs', () => {
    const rising = facts({
      snapshot: heard('admitted', [group({ count: 30 }), group({ user: 'metricity', count: 28 })]),
      forecast: { kind: 'exhausts', inMs: 5 * MINUTE_MS, perMinute: 8 },
    });
    const { condition, headline, advice } = diagnose(rising);
    expect(condition).toBe('filling');
    expect(headline).toMatch(/full in 5 min, rising by 8 a minute: 58 of 97 .*site holds the most, 30/);
    expect(advice).toEqual({ kind: 'recover', strategy: 'cap-application', target: 'site' });
  });

  it('a volume that does not mount after its node was recycled: remount', () => {
    const stuck = pod('postgres', {
      name: 'postgres-new',
      phase: 'Pending',
      ready: false,
      scheduledAt: NOW - 6 * MINUTE_MS,
      createdAt: NOW - 6 * MINUTE_MS,
    });
    const events = seen([clusterEvent({ about: 'Pod/postgres-new', message: 'timed out waiting for it' })], NOW);
    const { condition, headline, advice, reasons } = diagnose(
      facts({ snapshot: heard('stopped', null), cluster: inCluster([stuck]), events }),
    );
    // Its node is alive: nobody is told to power it off.
    expect(reasons.at(-1)).toMatch(/not available in this version: by hand, scale PostgreSQL to 0, wait/);
    expect(condition).toBe('volume-stuck');
    expect(headline).toContain('has waited 6 min for its volume (FailedMount): “timed out waiting for it”');
    expect(advice).toEqual({ kind: 'recover', strategy: 'remount', target: null });
  });

  it('Redis dead hours after the recovery: the database is healthy, and the neighbour is named', () => {
    const redis = workload({ namespace: 'default', kind: 'deployment', name: 'redis' }, { ready: 0 });
    const { condition, headline, advice } = diagnose(facts({ neighbours: seen([workload(), redis], NOW) }));
    expect(condition).toBe('healthy');
    expect(headline).toMatch(/main is healthy: .*but 1 of 2 workloads .* default\/deployment\/redis/);
    expect(advice).toMatchObject({
      kind: 'by-hand',
      todo: [expect.stringContaining('default/deployment/redis has 0 of 1 pods ready')],
    });
  });

  it('and with the neighbours out of sight it says so, and does not call them well', () => {
    const { advice, reasons } = diagnose(facts({ neighbours: unseen('403 Forbidden', NOW) }));
    expect(advice.kind).toBe('nothing');
    expect(reasons[0]).toBe('Whether the other workloads are well is unknown: 403 Forbidden.');
  });
});
