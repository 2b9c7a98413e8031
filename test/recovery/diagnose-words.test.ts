import { describe, expect, it } from 'vitest';
import { unseen } from '../../src/model/observed.ts';
import { diagnose } from '../../src/recovery/diagnose.ts';
import { NOW, snapshot } from '../support/builders.ts';
import { container, POSTGRES, pod } from '../support/place-builders.ts';
import { facts, heard, inCluster, seenWorkload } from '../support/recovery-facts.ts';

const MINUTE_MS = 60_000;
const DOWN = heard('stopped', null);

describe('the words of a diagnosis', () => {
  it('of a workload scaled to 0 by somebody asks for who did, and how it is started', () => {
    const { condition, advice, reasons } = diagnose(
      facts({ snapshot: DOWN, workload: seenWorkload(POSTGRES, { desired: 0 }), cluster: inCluster([]) }),
    );
    expect(condition).toBe('scaled-to-zero');
    expect(reasons[0]).toMatch(/no annotation breakwater.dev\/held-replicas/);
    expect(JSON.stringify(advice)).toMatch(
      /Find out who .*kubectl --namespace default scale deployment\/postgres --replicas=1/,
    );
  });

  it('of a workload held at 0 by a recovery names the annotation, and what it says', () => {
    const workload = seenWorkload(POSTGRES, { desired: 0, heldReplicas: 2 });
    const { advice, reasons } = diagnose(facts({ snapshot: DOWN, workload, cluster: inCluster([]) }));
    expect(reasons[0]).toMatch(/held: its annotation breakwater.dev\/held-replicas says that it had 2/);
    expect(JSON.stringify(advice)).toMatch(
      /Resume, Retry or Undo.*--replicas=2.*annotate deployment\/postgres breakwater.dev\/held-replicas-/,
    );
  });

  it('of a healthy database names a dependent that is still held', () => {
    const site = seenWorkload(
      { namespace: 'default', kind: 'deployment', name: 'site' },
      { desired: 0, ready: 0, heldReplicas: 3 },
    );
    const { advice } = diagnose(facts({ neighbours: null, dependents: [site], applicationWorkloads: [] }));
    expect(JSON.stringify(advice)).toMatch(/site is still held at 0 by a recovery, and had 3 replicas: release it/);
  });

  it('of a recovery tells no end that is long past', () => {
    const lastEnd = { reason: 'OOMKilled', at: NOW - 60 * MINUTE_MS, exitCode: 137 };
    const cluster = inCluster([pod('postgres', { containers: [container({ lastEnd })] })]);
    expect(diagnose(facts({ snapshot: heard('crash-recovery', null), cluster })).reasons.join(' ')).not.toContain(
      'OOM',
    );
  });

  it('quotes what is not seen where nothing else is known', () => {
    const nothing = unseen('no answer within 6 s', NOW);
    const { condition, reasons } = diagnose(
      facts({
        snapshot: snapshot([], { sessions: nothing, admission: nothing, server: nothing }),
        cluster: unseen('403', NOW),
      }),
    );
    expect(condition).toBe('unknown');
    expect(reasons.join(' ')).toMatch(
      /get in: no answer.*connected: no answer.*limits .*: no answer.*pods: 403.*never called healthy/,
    );
  });
});
