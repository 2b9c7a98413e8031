import type { Admission, Verdict } from '../../src/model/admission.ts';
import type { ClusterState, Pod } from '../../src/model/cluster.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import type { SessionGroup } from '../../src/model/session-group.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { Workload } from '../../src/model/workload.ts';
import type { WorkloadReference } from '../../src/model/workload-reference.ts';
import type { RecoveryFacts, RecoverySettings, SeenWorkload } from '../../src/recovery/facts.ts';
import { admission, group, NOW, snapshot } from './builders.ts';
import {
  backups,
  CLAIM,
  CRON_JOB,
  clusterState,
  orphanReport,
  POSTGRES,
  pod,
  SITE,
  storage,
  workload,
} from './place-builders.ts';

/** The database of 2020-12-11, with all that can be configured. */
export function recoverySettings(parts: Partial<RecoverySettings> = {}): RecoverySettings {
  return {
    database: 'main',
    applications: [{ name: 'site', match: { user: 'site' }, limit: 32, workload: 'default/deployment/site' }],
    protect: ['pg_dump'],
    workload: POSTGRES,
    claim: CLAIM,
    dependents: [SITE],
    backup: { cronJob: CRON_JOB, maxAgeMs: 26 * 3_600_000 },
    connection: { host: 'postgres.default.svc', port: 5432, database: 'postgres' },
    pgbouncer: null,
    volume: null,
    ...parts,
  };
}

export function seenWorkload(reference: WorkloadReference, parts: Partial<Workload> = {}): SeenWorkload {
  return { reference, workload: seen(workload(reference, parts), NOW) };
}

/** All is well and all is seen, 20 of 97 connections in use, but for what a test changes. */
export function facts(parts: Partial<RecoveryFacts> = {}): RecoveryFacts {
  return {
    settings: recoverySettings(),
    at: NOW,
    snapshot: snapshot([group({ count: 20 })]),
    forecast: { kind: 'steady' },
    sessions: seen([], NOW),
    roles: seen([{ role: 'site', limit: -1, superuser: false, alterable: true }], NOW),
    orphans: seen(orphanReport([]), NOW),
    cluster: inCluster([pod('postgres'), pod('site', { addresses: ['10.2.0.5'] })]),
    workload: seenWorkload(POSTGRES),
    dependents: [seenWorkload(SITE)],
    applicationWorkloads: [seenWorkload(SITE)],
    neighbours: seen([workload(POSTGRES), workload(SITE)], NOW),
    scalers: seen([], NOW),
    storage: seen(storage(), NOW),
    events: seen([], NOW),
    backups: seen(backups(), NOW),
    ...parts,
  };
}

/** What the canary heard; sessions as they are counted on the held one. */
export function heard(
  verdict: Verdict,
  groups: readonly SessionGroup[] | null = [group({ count: 20 })],
  parts: Partial<Admission> = {},
): Snapshot {
  const counted = groups === null ? { sessions: unseen('no answer within 4 s', NOW) } : {};
  return snapshot(groups ?? [], { admission: seen(admission({ verdict, ...parts }), NOW), ...counted });
}

export function inCluster(pods: readonly Pod[], parts: Partial<ClusterState> = {}): RecoveryFacts['cluster'] {
  return seen(clusterState({ pods, ...parts }), NOW);
}
