import { describe, expect, it } from 'vitest';
import { seen } from '../../../src/model/observed.ts';
import type { Workload } from '../../../src/model/workload.ts';
import type { RecoveryFacts } from '../../../src/recovery/facts.ts';
import restart from '../../../src/recovery/strategies/restart-application.ts';
import type { Composed } from '../../../src/recovery/strategy.ts';
import { NOW } from '../../support/builders.ts';
import { detailedSession, detailedSessions } from '../../support/detailed-session.ts';
import { parseRoundTrip, recoveryFacts, recoverySettings, SILENT } from '../../support/gentle-rungs.ts';
import { clusterState, node, orphanGroup, orphanReport, pod, SITE, vanishedPod } from '../../support/place-builders.ts';

const plan = (parts: Partial<RecoveryFacts> = {}, site: Partial<Workload> = {}, target: string | null = null) =>
  restart.plan(recoveryFacts(parts, site), target);
const idsOf = (composed: Composed) =>
  composed.kind === 'plan' ? composed.steps.map(({ id }) => id) : composed.reasons;
const warningsOf = (composed: Composed) => (composed.kind === 'plan' ? composed.warnings.join('\n') : '');
const shownOf = (composed: Composed, id: string) =>
  composed.kind === 'plan' ? composed.steps.find((step) => step.id === id)?.shown : undefined;

const ROLLOUT = ['restart-rollout', 'await-fewer-sessions'];
const STOP = ['stop-application', 'terminate-sessions', 'start-application', 'await-fewer-sessions'];
/** `count` of site beside 5 of bot, of 97 usable. */
const holding = (count: number, parts = {}) => ({
  sessions: seen([...detailedSessions(count, parts), ...detailedSessions(5, { pid: 5_000, user: 'bot' })], NOW),
});

describe('restart-application', () => {
  // 2 ready pods: of n sessions each has n / 2, rounded up; 92 − n are free.
  it.each([
    [61, 1, ROLLOUT],
    [62, 1, STOP],
    [40, 2, ROLLOUT],
    [46, 2, ROLLOUT],
    [47, 2, STOP],
    [92, 0, ROLLOUT],
  ])('with %s sessions and a surge of %s takes the way that the free connections cover', (count, surge, ids) => {
    expect(idsOf(plan(holding(count), { surge }))).toEqual(ids);
  });

  it('says why, with the numbers', () => {
    expect(warningsOf(plan(holding(62)))).toContain(
      'Its pods hold about 31 connections each, so 1 new pod beside the old ones would need 31, and 30 of 97 are free: site is stopped first',
    );
  });

  it('takes all that it holds for one pod’s where none is ready', () => {
    expect(idsOf(plan(holding(48), { ready: 0 }))).toEqual(STOP);
  });

  it('stops what replaces no pod by itself', () => {
    expect(idsOf(plan({}, { strategy: 'OnDelete' }))).toEqual(STOP);
  });

  it('says how many it held, to be compared with', () => {
    expect(shownOf(plan(), 'await-fewer-sessions')).toEqual({ held: 40 });
    parseRoundTrip(plan());
    parseRoundTrip(plan(holding(80)));
  });

  it('is about the one with a workload that holds the most, or about who was named', () => {
    const applications = [
      { name: 'bot', match: { user: 'bot' } },
      { name: 'site', match: { user: 'site' }, workload: 'default/deployment/site' },
    ];
    const settings = recoverySettings({ applications });
    const sessions = seen([...detailedSessions(3), ...detailedSessions(9, { pid: 50, user: 'bot' })], NOW);
    expect(plan({ settings, sessions })).toMatchObject({ steps: [{ params: { workload: SITE } }, {}] });
    expect(plan({ settings, sessions }, {}, 'bot')).toMatchObject({
      reasons: [expect.stringContaining('no `workload`')],
    });
  });

  it.each<[string, Partial<RecoveryFacts>, Partial<Workload>, string | null, string]>([
    ['there is no cluster', { cluster: null }, {}, null, '`kubernetes`'],
    ['the pods are not seen', { cluster: SILENT }, {}, null, 'no answer within 5 s'],
    ['the sessions are not seen', { sessions: SILENT }, {}, null, 'no answer within 5 s'],
    [
      'the server is not known',
      { snapshot: { ...recoveryFacts().snapshot, server: SILENT } },
      {},
      null,
      'no answer within 5 s',
    ],
    ['nobody has a workload', { settings: recoverySettings({ applications: [] }) }, {}, null, '`workload`'],
    ['nobody is called so', {}, {}, 'sitte', 'Did you mean site?'],
    ['it holds nothing', holding(0), {}, 'site', 'holds no connection'],
    ['it is the database', { settings: recoverySettings({ workload: SITE }) }, {}, null, 'use restart'],
    ['it was not looked at', { applicationWorkloads: [] }, {}, null, 'was not looked at'],
    [
      'it cannot be read',
      { applicationWorkloads: [{ reference: SITE, workload: SILENT }] },
      {},
      null,
      'no answer within 5 s',
    ],
    [
      'it is not there',
      { applicationWorkloads: [{ reference: SITE, workload: seen(null, NOW) }] },
      {},
      null,
      'not in the cluster',
    ],
    ['its rollouts are paused', {}, { paused: true }, null, 'rollout resume'],
    ['it has no replicas', {}, { desired: 0 }, null, '0 replicas'],
    ['it is held', {}, { heldReplicas: 2 }, null, 'held-replicas-'],
    ['what it remembers is torn', {}, { heldReplicas: 'unreadable' }, null, 'held-replicas-'],
    ["it is an operator's", {}, { managers: ['CloudNativePG (Cluster main)'] }, null, 'CloudNativePG'],
    [
      "it is an operator's and GitOps'",
      {},
      { managers: ['Argo CD (application x)', 'example.com (Site x)'] },
      null,
      'example.com',
    ],
  ])('is refused where %s', (_, parts, site, target, words) => {
    expect(plan(parts, site, target)).toMatchObject({ kind: 'refused', reasons: [expect.stringContaining(words)] });
  });

  it.each<[string, Partial<RecoveryFacts>, Partial<Workload>]>([
    ['Argo CD (application site)', {}, { managers: ['Argo CD (application site)'] }],
    ['autoscaler site-hpa', { scalers: seen([{ name: 'site-hpa', namespace: 'default', target: SITE }], NOW) }, {}],
    ['Whether an autoscaler', { scalers: SILENT }, {}],
    ['under way already', {}, { rollout: { observed: true, updated: 1, total: 3, available: 2, restartedAt: null } }],
    ['No pod of default/deployment/site is ready', {}, { ready: 0 }],
    ['31 sessions of site are orphaned', { orphans: seen(orphanReport([orphanGroup()]), NOW) }, {}],
    [
      'also the workload of worker',
      {
        settings: recoverySettings({
          applications: [
            ...recoverySettings().applications,
            { name: 'worker', match: { user: 'w' }, workload: 'default/deployment/site' },
          ],
        }),
      },
      {},
    ],
  ])('calls out %s', (words, parts, site) => {
    expect(warningsOf(plan(parts, site))).toContain(words);
    expect(warningsOf(plan())).not.toContain(words);
  });

  it('is outlined as the way that needs no free connection', () => {
    expect(restart.outline(recoverySettings())).toMatchObject({ steps: STOP.map((id) => ({ id })) });
    expect(restart.outline(recoverySettings({ applications: [] })).kind).toBe('not-configured');
    parseRoundTrip(restart.outline(recoverySettings()));
  });
});

describe('what may be left behind', () => {
  const cluster = seen(
    clusterState({
      pods: [pod('site', { addresses: ['10.2.0.5'] }), pod('worker', { addresses: ['10.2.0.6'] })],
      // The second had its node's address.
      vanished: [vanishedPod({ addresses: ['10.2.0.66'] }), vanishedPod({ addresses: ['192.168.1.1'] })],
      nodes: [node({ addresses: ['192.168.1.1'] })],
    }),
    NOW,
  );
  const orphans = seen(orphanReport([orphanGroup({ address: '10.2.0.77' })]), NOW);
  const listed = (parts: Parameters<typeof detailedSession>[0], more: Partial<RecoveryFacts> = {}) => {
    const sessions = seen(
      [detailedSession({ pid: 1, ...parts }), ...detailedSessions(80, { pid: 100, address: null })],
      NOW,
    );
    const shown = shownOf(plan({ sessions, cluster, orphans, ...more }), 'terminate-sessions');
    return (shown as { pid: number }[]).map(({ pid }) => pid);
  };

  it.each(['idle', 'idle in transaction', 'active'] as const)('is of its pods, in whatever state (%s)', (state) => {
    expect(listed({ state })).toEqual([1]);
  });

  it.each(['10.2.0.66', '10.2.0.77'])('is of pods that are gone (%s)', (address) => {
    expect(listed({ address })).toEqual([1]);
  });

  it.each([
    ['another workload’s', { address: '10.2.0.6' }],
    ['a node’s', { address: '192.168.1.1' }],
    ['from elsewhere', { address: '203.0.113.9' }],
    ['of a local socket', { address: null }],
    ['another application’s', { user: 'bot' }],
    ['a superuser’s', { superuser: true }],
    ['protected', { applicationName: 'pg_dump' }],
    ['no client', { backendType: 'walsender' }],
  ])('is not what is %s', (_, parts) => {
    expect(listed(parts)).toEqual([]);
  });

  it('is told, with how many are none of it', () => {
    expect(warningsOf(plan({ ...holding(80), cluster }))).not.toContain('may be ended');
    expect(warningsOf(plan({ ...holding(80, { address: '203.0.113.9' }), cluster }))).toContain(
      'Of its 80 sessions 0 may be ended',
    );
  });
});
