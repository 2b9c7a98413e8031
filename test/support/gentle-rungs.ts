import type { DetailedSession } from '../../src/model/activity.ts';
import type { ClusterState } from '../../src/model/cluster.ts';
import type { Change, ScaleChange } from '../../src/model/cluster-changes.ts';
import type { TerminationObstacle } from '../../src/model/database-actions.ts';
import type { RoleLimit } from '../../src/model/database-recovery.ts';
import { type Observed, seen, unseen } from '../../src/model/observed.ts';
import type { TerminationFate, TerminationTarget } from '../../src/model/termination.ts';
import type { Workload } from '../../src/model/workload.ts';
import type { RecoveryFacts, RecoverySettings } from '../../src/recovery/facts.ts';
import type { RecoveryStep, StepCall, StepTools } from '../../src/recovery/step.ts';
import awaitFewer from '../../src/recovery/steps/await-fewer-sessions.ts';
import capRole from '../../src/recovery/steps/cap-role.ts';
import restartRollout from '../../src/recovery/steps/restart-rollout.ts';
import startApplication from '../../src/recovery/steps/start-application.ts';
import stopApplication from '../../src/recovery/steps/stop-application.ts';
import terminateSessions from '../../src/recovery/steps/terminate-sessions.ts';
import terminateStale from '../../src/recovery/steps/terminate-stale.ts';
import type { Composed, Outlined } from '../../src/recovery/strategy.ts';
import { NOW, snapshot } from './builders.ts';
import { detailedSession, detailedSessions } from './detailed-session.ts';
import { clusterState, POSTGRES, pod, SITE, workload } from './place-builders.ts';

/** What the gentle rungs of a recovery are planned from, and the ports that they act through: and the steps that they are made of. */

export const SERVER = { host: 'postgres.default.svc', port: 5432, database: 'postgres' };
export const OWNERS = [{ name: 'site', match: { user: 'site' } }];
export const SITE_WORKLOAD = { ...SITE };

export function roleLimit(parts: Partial<RoleLimit> = {}): RoleLimit {
  return { role: 'site', limit: -1, superuser: false, alterable: true, ...parts };
}

export function recoverySettings(parts: Partial<RecoverySettings> = {}): RecoverySettings {
  return {
    database: 'main',
    applications: [
      { name: 'site', match: { user: 'site' }, limit: 32, workload: 'default/deployment/site' },
      { name: 'bot', match: { user: 'bot' } },
    ],
    protect: ['pg_dump'],
    workload: POSTGRES,
    claim: null,
    dependents: [SITE],
    backup: null,
    connection: SERVER,
    pgbouncer: null,
    volume: null,
    ...parts,
  };
}

/** 40 idle sessions of site, 5 of bot; site has two ready pods, and 52 of 97 connections are free. */
export function recoveryFacts(parts: Partial<RecoveryFacts> = {}, site: Partial<Workload> = {}): RecoveryFacts {
  return {
    settings: recoverySettings(),
    at: NOW,
    snapshot: snapshot([]),
    forecast: { kind: 'steady' },
    sessions: seen([...detailedSessions(40), ...detailedSessions(5, { pid: 3_000, user: 'bot' })], NOW),
    roles: seen([roleLimit(), roleLimit({ role: 'bot' })], NOW),
    orphans: null,
    cluster: seen(clusterState({ pods: [pod('site')] }), NOW),
    workload: null,
    dependents: [],
    applicationWorkloads: [{ reference: SITE, workload: seen(siteWorkload(site), NOW) }],
    neighbours: null,
    scalers: seen([], NOW),
    storage: null,
    events: null,
    backups: null,
    ...parts,
  };
}

export function siteWorkload(parts: Partial<Workload> = {}): Workload {
  const { desired = 2 } = parts;
  return workload(SITE, {
    desired,
    ready: desired,
    strategy: 'RollingUpdate',
    surge: 1,
    rollout: { observed: true, updated: desired, total: desired, available: desired, restartedAt: null },
    ...parts,
  });
}

/** The world of a step: what each port says, and what it was told to do. */
export interface FakeWorld {
  readonly tools: StepTools;
  readonly done: string[];
  readonly scaled: ScaleChange[];
  readonly ended: TerminationTarget[];
  now: {
    sessions: Observed<readonly DetailedSession[]>;
    poolerPids: Observed<ReadonlySet<number>>;
    obstacle: TerminationObstacle | null;
    fate: TerminationFate;
    roles: Observed<readonly RoleLimit[]>;
    workload: Observed<Workload | null>;
    pods: Observed<ClusterState>;
    change: Change;
  };
}

/** Answers nothing but what a test says; what no gentle rung may touch throws. */
export function createFakeWorld(parts: Partial<FakeWorld['now']> = {}, runId = 'a1b2c3d4e5'): FakeWorld {
  const done: string[] = [];
  const scaled: ScaleChange[] = [];
  const ended: TerminationTarget[] = [];
  const now: FakeWorld['now'] = {
    sessions: seen([detailedSession()], NOW),
    poolerPids: seen(new Set<number>(), NOW),
    obstacle: null,
    fate: 'terminated',
    roles: seen([roleLimit()], NOW),
    workload: seen(siteWorkload(), NOW),
    pods: seen(clusterState(), NOW),
    change: { kind: 'done' },
    ...parts,
  };
  const never = () => Promise.reject(new Error('no gentle rung does this'));
  const told = (what: string): Promise<Change> => {
    done.push(what);
    return Promise.resolve(now.change);
  };
  const tools: StepTools = {
    runId,
    database: 'main',
    protect: [],
    cluster: { list: async () => now.pods },
    objects: { readWorkload: async () => now.workload, readStorage: never, readEvents: never },
    changes: {
      scale: (change) => {
        scaled.push(change);
        return told(`scale ${change.from} → ${change.to}, ${change.held}`);
      },
      restart: (reference, uid, mark) => told(`restart ${reference.name} ${uid} ${mark}`),
    },
    inventory: { listWorkloads: never, listScalers: never, readNodeLease: never },
    evidence: { capture: never },
    backups: { read: never, start: never },
    actions: {
      readDetails: async () => now.sessions,
      readObstacle: async () => now.obstacle,
      readPoolerPids: async () => now.poolerPids,
      async terminate(targets) {
        ended.push(...targets);
        done.push(`terminate ${targets.length}`);
        return { fates: targets.map((target) => ({ target, fate: now.fate, reason: null })), tookMs: 1 };
      },
    },
    server: {
      readRoleLimits: async () => now.roles,
      setRoleLimit: (role, from, to) => told(`limit ${role} ${from} → ${to}`),
      probeWrite: never,
      captureActivity: never,
    },
    pooler: null,
    admit: never,
    keepEvidence: never,
    clock: { now: () => NOW },
  };
  return { tools, done, scaled, ended, now };
}

export function stepCall<Params>(
  params: Params,
  world: FakeWorld,
  parts: Partial<Omit<StepCall<Params>, 'params' | 'tools'>> = {},
): StepCall<Params> {
  return { params, shown: null, own: null, noted: () => null, tools: world.tools, ...parts };
}

export const SILENT = unseen('no answer within 5 s', NOW);

const STEPS = [
  awaitFewer,
  capRole,
  restartRollout,
  startApplication,
  stopApplication,
  terminateSessions,
  terminateStale,
];

/** Each step has a file that takes its params, as the journal gives them back, and says how to do it by hand; throws otherwise. */
export function parseRoundTrip(composed: Composed | Outlined): void {
  for (const step of composed.kind === 'plan' || composed.kind === 'steps' ? composed.steps : []) {
    const file = STEPS.find(({ kind }) => kind === step.kind) as RecoveryStep | undefined;
    if (file === undefined) throw new Error(`no step is called ${step.kind}`);
    const params = file.params.parse(JSON.parse(JSON.stringify(step.params)));
    if (JSON.stringify(params) !== JSON.stringify(step.params)) throw new Error(`${step.id} loses params`);
    if (file.title(params) === '' || file.manual(params).length === 0) throw new Error(`${step.id} has no words`);
  }
}
