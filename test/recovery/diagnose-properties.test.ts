import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOBODY_TRIES, VERDICT_MEANINGS, type Verdict } from '../../src/model/admission.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import { diagnose } from '../../src/recovery/diagnose.ts';
import type { RecoveryFacts } from '../../src/recovery/facts.ts';
import { admission, group, NOW, serverFacts, snapshot } from '../support/builders.ts';
import { detailedSessions } from '../support/detailed-session.ts';
import {
  clusterEvent,
  container,
  node,
  orphanGroup,
  orphanReport,
  POSTGRES,
  pod,
  SITE,
  workload,
} from '../support/place-builders.ts';
import { facts, inCluster, seenWorkload } from '../support/recovery-facts.ts';

const HARSH = new Set(['restart', 'remount', 'recreate']);
const BLIND = unseen('no answer within 6 s', NOW);
const verdicts = Object.keys(VERDICT_MEANINGS) as Verdict[];
const orBlind = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary }, { weight: 1, arbitrary: fc.constant(BLIND) });
const ages = fc.constantFrom(1_000, 90_000, 600_000);

const pods = fc.array(
  fc
    .record({
      phase: fc.constantFrom('Pending' as const, 'Running' as const),
      age: ages,
      terminating: fc.boolean(),
      waiting: fc.constantFrom(null, 'CrashLoopBackOff', 'ImagePullBackOff'),
      ended: fc.constantFrom(null, 'OOMKilled', 'Error'),
      ready: fc.boolean(),
    })
    .map(({ phase, age, terminating, waiting, ended, ready }) =>
      pod('postgres', {
        phase,
        ready,
        createdAt: NOW - age,
        scheduledAt: NOW - age,
        startedAt: NOW - age,
        terminatingAt: terminating ? NOW + 30_000 - age : null,
        containers: [
          container({
            waiting,
            restarts: 3,
            lastEnd: ended === null ? null : { reason: ended, at: NOW - age, exitCode: 1 },
          }),
        ],
      }),
    ),
  { maxLength: 3 },
);

const worlds: fc.Arbitrary<RecoveryFacts> = fc
  .record({
    verdict: orBlind(fc.constantFrom(...verdicts).map((verdict) => seen(admission({ verdict }), NOW))),
    sessions: orBlind(
      fc
        .tuple(fc.nat(100), fc.nat(60))
        .map(([a, b]) => seen([group({ count: a }), group({ user: 'x', count: b })], NOW)),
    ),
    server: orBlind(fc.constant(seen(serverFacts(), NOW))),
    details: orBlind(fc.nat(60).map((count) => seen(detailedSessions(count), NOW))),
    orphans: orBlind(fc.nat(60).map((count) => seen(orphanReport([orphanGroup({ count })]), NOW))),
    pods,
    clusterSeen: fc.boolean(),
    nodeReady: fc.constantFrom('True' as const, 'Unknown' as const),
    nodeAge: ages,
    desired: fc.constantFrom(0, 1),
    workloadSeen: fc.constantFrom('seen', 'blind', 'none'),
    event: fc.constantFrom(null, 'FailedMount', 'FailedAttachVolume', 'BackOff'),
    message: fc.constantFrom('no such device', 'No space left on device'),
    neighbours: orBlind(fc.nat(1).map((ready) => seen([workload(SITE, { ready })], NOW))),
    inMs: fc.constantFrom(null, 0, 60_000),
  })
  .map((w) =>
    facts({
      snapshot: snapshot([], { admission: w.verdict, sessions: w.sessions, server: w.server }),
      sessions: w.details,
      orphans: w.orphans,
      cluster: w.clusterSeen
        ? inCluster(w.pods, { nodes: [node({ ready: w.nodeReady, readySince: NOW - w.nodeAge })] })
        : BLIND,
      workload:
        {
          seen: seenWorkload(POSTGRES, { desired: w.desired }),
          blind: { reference: POSTGRES, workload: BLIND },
          none: null,
        }[w.workloadSeen] ?? null,
      events: seen(w.event === null ? [] : [clusterEvent({ reason: w.event, message: w.message })], NOW),
      neighbours: w.neighbours,
      forecast: w.inMs === null ? { kind: 'steady' } : { kind: 'exhausts', inMs: w.inMs, perMinute: 9 },
    }),
  );

const holds = (property: (given: RecoveryFacts) => void) =>
  fc.assert(fc.property(worlds, property), { numRuns: 1_500 });
const strategyOf = (given: RecoveryFacts) => {
  const { advice } = diagnose(given);
  return advice.kind === 'recover' ? advice.strategy : null;
};

describe('every diagnosis', () => {
  it('calls nothing healthy that is not seen', () => {
    holds((given) => {
      const { sessions, server, admission: heard } = given.snapshot;
      const isSeen = sessions.ok && server.ok && heard.ok && heard.value.verdict === 'admitted';
      if (!isSeen) expect(diagnose(given).condition).not.toBe('healthy');
    });
  });

  it('calls nothing healthy where the canary could not tell, but where nobody tries', () => {
    const unsure = snapshot([group()], { admission: BLIND });
    expect(diagnose(facts({ snapshot: unsure })).condition).toBe('unknown');
    const untried = snapshot([group()], { admission: unseen(NOBODY_TRIES, NOW) });
    expect(diagnose(facts({ snapshot: untried })).condition).toBe('healthy');
  });

  it('never gives a rung to a server that starts or recovers', () => {
    holds((given) => {
      const { admission: heard } = given.snapshot;
      if (heard.ok && (heard.value.verdict === 'crash-recovery' || heard.value.verdict === 'starting'))
        expect(strategyOf(given)).toBeNull();
    });
  });

  it('never gives a rung of four or more to a server that lets clients in', () => {
    holds((given) => {
      const { admission: heard } = given.snapshot;
      if (heard.ok && heard.value.verdict === 'admitted') expect(HARSH).not.toContain(strategyOf(given));
    });
  });

  it('recommends restart only where its proof can be had: the workload and a pod seen, on a node that is Ready', () => {
    holds((given) => {
      if (strategyOf(given) !== 'restart') return;
      expect(given.workload?.workload).toMatchObject({ ok: true, value: { desired: 1 } });
      expect(given.cluster).toMatchObject({ ok: true, value: { nodes: [{ ready: 'True' }] } });
    });
  });

  it('says what is true and why, in sentences', () => {
    holds((given) => {
      const { headline, reasons, advice } = diagnose(given);
      expect(headline).not.toBe('');
      expect(reasons.length).toBeGreaterThan(0);
      for (const text of [headline, ...reasons]) expect(text).not.toMatch(/undefined|null|NaN|\[object/);
      for (const reason of reasons) expect(reason).toMatch(/[.”]$/);
      if (advice.kind === 'by-hand') expect(advice.todo.length).toBeGreaterThan(0);
    });
  });
});
