import { beforeAll, describe, expect, it } from 'vitest';
import { NOBODY_TRIES, type Verdict } from '../../../src/model/admission.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import type { Workload } from '../../../src/model/workload.ts';
import type { RecoveryFacts } from '../../../src/recovery/facts.ts';
import type { StepCatalogue } from '../../../src/recovery/next-task.ts';
import { loadSteps } from '../../../src/recovery/step-catalogue.ts';
import restart from '../../../src/recovery/strategies/restart.ts';
import { findComposeFaults } from '../../../src/recovery/strategy-catalogue.ts';
import { admission, NOW, snapshot } from '../../support/builders.ts';
import {
  backupJob,
  backups,
  CLAIM,
  clusterState,
  POSTGRES,
  SITE,
  storage,
  workload,
} from '../../support/place-builders.ts';
import { BOT, restartFacts, restartSettings } from './facts-of-restart.ts';

let catalogue: StepCatalogue;
beforeAll(async () => {
  catalogue = await loadSteps();
});

const POOLER = { host: 'pooler', port: 6432, user: 'breakwater' };
const server = (parts: Partial<Workload>): Partial<RecoveryFacts> => ({
  workload: { reference: POSTGRES, workload: seen(workload(POSTGRES, parts), NOW) },
});
const dependent = (parts: Partial<Workload>): Partial<RecoveryFacts> => ({
  dependents: [
    { reference: SITE, workload: seen(workload(SITE, parts), NOW) },
    { reference: BOT, workload: seen(workload(BOT), NOW) },
  ],
});
const verdict = (given: Verdict) => ({
  snapshot: snapshot([], { admission: seen(admission({ verdict: given }), NOW) }),
});

function planOf(facts: RecoveryFacts) {
  const composed = restart.plan(facts);
  if (composed.kind === 'refused') throw new Error(composed.reasons.join(' '));
  expect(findComposeFaults(composed.steps, catalogue)).toEqual([]);
  return composed;
}

describe('restart', () => {
  it('holds in reverse, stops, proves, starts, and releases in order', () => {
    expect(planOf(restartFacts()).steps.map(({ id }) => id)).toEqual([
      'capture-evidence',
      'check-backup',
      'hold-client:default/deployment/bot',
      'hold-client:default/deployment/site',
      'stop-server',
      'prove-stopped',
      'start-server',
      'await-admission',
      'probe-write',
      'release-client:default/deployment/site',
      'release-client:default/deployment/bot',
      'check-workloads',
    ]);
  });

  it('is nothing that a look a minute later would plan otherwise', () => {
    const later = restartFacts({ at: NOW + 60_000, backups: seen(backups({ lastSuccessAt: NOW }), NOW) });
    expect(planOf(later)).toEqual(planOf(restartFacts()));
  });

  it('outlines the same from the configuration alone, with params that every step takes', () => {
    const outlined = restart.outline(restartSettings());
    if (outlined.kind !== 'steps') throw new Error(outlined.reason);
    expect(findComposeFaults(outlined.steps, catalogue)).toEqual([]);
    expect(outlined.steps.map(({ id }) => id)).toEqual(planOf(restartFacts()).steps.map(({ id }) => id));
    expect(restart.outline(restartSettings({ workload: null })).kind).toBe('not-configured');
    expect(restart.outline(restartSettings({ claim: null })).kind).toBe('not-configured');
  });

  it.each<[string, Partial<RecoveryFacts>, RegExp]>([
    ['no cluster is configured', { cluster: null }, /set `kubernetes`/],
    ['no workload is configured', { workload: null }, /No `workload`/],
    ['no claim is configured', { settings: restartSettings({ claim: null }) }, /No `claim`/],
    ['the workload does not exist', { workload: { reference: POSTGRES, workload: seen(null, NOW) } }, /does not exist/],
    [
      'the workload cannot be read',
      { workload: { reference: POSTGRES, workload: unseen('HTTP 403', NOW) } },
      /postgres cannot be read: HTTP 403/,
    ],
    ['pods cannot be listed', { cluster: unseen('HTTP 500', NOW) }, /Pods and nodes cannot be read: HTTP 500/],
    ['the claim cannot be read', { storage: unseen('HTTP 429', NOW) }, /claim and its volume cannot be read/],
    ['the neighbours cannot be listed', { neighbours: unseen('timeout', NOW) }, /other workloads.* cannot be read/],
    ['nobody looked at the storage', { storage: null }, /nobody looked/],
    ['it is at 0', server({ desired: 0 }), /at 0 already/],
    ['it has several replicas', server({ desired: 2 }), /2 replicas/],
    ['no pod of it is there', { cluster: seen(clusterState(), NOW) }, /No pod of the server/],
    ['it is paused', server({ paused: true }), /paused/],
    [
      'an operator manages it',
      server({ managers: ['Zalando postgres-operator (postgresql main)'] }),
      /managed by Zalando/,
    ],
    [
      'a controller manages it that nobody knows',
      server({ managers: ['example.org (Database main)'] }),
      /managed by example\.org/,
    ],
    ['the claim is not bound', { storage: seen(storage({ volume: null }), NOW) }, /not bound/],
    [
      'another workload mounts its claim',
      { neighbours: seen([workload(SITE, { claims: [CLAIM.name] })], NOW) },
      /mounts the claim/,
    ],
    ['it is in crash recovery', verdict('crash-recovery'), /wait, do not restart/],
    ['it is starting up', verdict('starting'), /wait, do not restart/],
    [
      'an autoscaler scales it',
      { scalers: seen([{ name: 'hpa', namespace: 'default', target: POSTGRES }], NOW) },
      /autoscaler hpa/,
    ],
    [
      'a dependent cannot be read',
      { dependents: [{ reference: SITE, workload: unseen('HTTP 500', NOW) }] },
      /dependent default\/deployment\/site cannot be read/,
    ],
    ['nobody looked at a dependent', { dependents: [] }, /nobody looked/],
    [
      'a dependent runs with the annotation of a hold',
      dependent({ heldReplicas: 2, desired: 3 }),
      /somebody scaled it by hand/,
    ],
    ['the annotation of a dependent is no number', dependent({ heldReplicas: 'unreadable' }), /no number/],
  ])('is refused where %s', (_, parts, reason) => {
    const composed = restart.plan(restartFacts(parts));
    expect(composed).toMatchObject({
      kind: 'refused',
      reasons: expect.arrayContaining([expect.stringMatching(reason)]),
    });
  });

  it.each<[string, Partial<RecoveryFacts>, RegExp]>([
    ['how clients are held', {}, /held by scaling: 2 dependents/],
    ['a rolling update', server({ strategy: 'RollingUpdate' }), /RollingUpdate.*Recreate/],
    ['Helm', server({ managers: ['Helm (release pg)'] }), /of Helm \(release pg\)/],
    [
      'an autoscaler on a dependent',
      { scalers: seen([{ name: 'hpa', namespace: 'default', target: SITE }], NOW) },
      /site has the autoscaler hpa/,
    ],
    ['autoscalers that cannot be listed', { scalers: unseen('HTTP 403', NOW) }, /autoscaler.*not known: HTTP 403/],
    ['GitOps on a dependent', dependent({ managers: ['Flux (Kustomization apps)'] }), /site is owned by Flux/],
    [
      'a dependent that does not exist',
      { dependents: [{ reference: SITE, workload: seen(null, NOW) }, ...restartFacts().dependents.slice(1)] },
      /site does not exist/,
    ],
    ['a dependent at 0', dependent({ desired: 0 }), /site is at 0 already/],
    [
      'a dependent that is held already',
      dependent({ desired: 0, heldReplicas: 2 }),
      /site is held at 0 already, and had 2/,
    ],
    ['no backup', { settings: restartSettings({ backup: null }), backups: null }, /No `backup`/],
    [
      'a backup that runs',
      { backups: seen(backups({ jobs: [backupJob({ state: 'running' })] }), NOW) },
      /restart ends it/,
    ],
    ['no dependents', { settings: restartSettings({ dependents: [] }) }, /No client is held/],
    ['no canary role', { snapshot: snapshot([], { admission: unseen(NOBODY_TRIES, NOW) }) }, /No canary role/],
  ])('warns of %s', (_, parts, warning) => {
    expect(planOf(restartFacts(parts)).warnings).toContainEqual(expect.stringMatching(warning));
  });

  it('leaves out a dependent that does not exist, is there twice, or is the server itself', () => {
    const facts = restartFacts({
      settings: restartSettings({ dependents: [SITE, POSTGRES, BOT, SITE] }),
      dependents: [{ reference: BOT, workload: seen(null, NOW) }, ...restartFacts().dependents.slice(0, 1)],
    });
    const held = planOf(facts).steps.filter(({ kind }) => kind === 'hold-client' || kind === 'release-client');
    expect(held.map(({ id }) => id)).toEqual([
      'hold-client:default/deployment/site',
      'release-client:default/deployment/site',
    ]);
  });

  it('pauses PgBouncer instead where the server still lets clients in, and not where it does not', () => {
    const settings = restartSettings({ pgbouncer: POOLER });
    const kinds = (facts: RecoveryFacts) => planOf(facts).steps.map(({ kind }) => kind);
    const answering = restartFacts({ settings, dependents: [] });
    expect(kinds(answering)).toEqual(expect.arrayContaining(['pause-pooler', 'resume-pooler']));
    expect(planOf(answering).warnings).toContainEqual(expect.stringContaining('query_wait_timeout (120 s'));
    expect(kinds(answering)).not.toContain('hold-client');
    expect(planOf(answering).warnings).toContainEqual(expect.stringMatching(/held by PgBouncer/));
    for (const given of ['frozen', 'completely-full', 'unreachable'] as const) {
      const hung = restartFacts({ settings, ...verdict(given) });
      expect(kinds(hung)).not.toContain('pause-pooler');
      expect(kinds(hung)).toContain('hold-client');
      expect(planOf(hung).warnings).toContainEqual(expect.stringMatching(/would hang in PAUSE/));
    }
  });

  it('wants the words "no backup" where a backup is wanting, and lets the step accept just that', () => {
    const old = restartFacts({ backups: seen(backups({ lastSuccessAt: NOW - 30 * 3_600_000, jobs: [] }), NOW) });
    const { overrides, steps } = planOf(old);
    expect(overrides).toEqual([{ word: 'no backup', because: expect.stringContaining('30 h old') }]);
    expect(steps.find(({ kind }) => kind === 'check-backup')?.params).toMatchObject({ accepted: ['too-old'] });
    expect(planOf(restartFacts()).overrides).toEqual([]);
    const unreadable = planOf(restartFacts({ backups: unseen('HTTP 500', NOW) }));
    expect(unreadable.overrides.map(({ word }) => word)).toEqual(['no backup']);
  });

  it.each(['Argo CD (application main)', 'Flux (Kustomization apps)'])(
    'wants it typed that the sync of %s is off',
    (manager) => {
      const { overrides, warnings } = planOf(restartFacts(server({ managers: [manager] })));
      expect(overrides.map(({ word }) => word)).toEqual(['sync is off']);
      expect(warnings).toContainEqual(expect.stringContaining(manager));
    },
  );

  it('shows which workloads were not well before', () => {
    const facts = restartFacts({ neighbours: seen([workload(POSTGRES, { ready: 0 }), workload(SITE)], NOW) });
    expect(planOf(facts).steps.at(-1)?.shown).toEqual({ unhealthy: ['default/deployment/postgres'] });
  });
});
