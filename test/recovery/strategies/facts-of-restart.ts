import { seen } from '../../../src/model/observed.ts';
import type { RecoveryFacts, RecoverySettings } from '../../../src/recovery/facts.ts';
import { NOW, snapshot } from '../../support/builders.ts';
import {
  backups,
  CLAIM,
  CRON_JOB,
  clusterState,
  POSTGRES,
  SITE,
  storage,
  workload,
} from '../../support/place-builders.ts';
import { SERVER_NODE, SERVER_POD } from '../fake-ground.ts';

export const BOT = { ...SITE, name: 'bot' };

export function restartSettings(parts: Partial<RecoverySettings> = {}): RecoverySettings {
  return {
    database: 'main',
    applications: [],
    protect: [],
    workload: POSTGRES,
    claim: CLAIM,
    dependents: [SITE, BOT],
    backup: { cronJob: CRON_JOB, maxAgeMs: 26 * 3_600_000 },
    connection: { host: 'postgres.default.svc', port: 5432, database: 'postgres' },
    pgbouncer: null,
    volume: null,
    ...parts,
  };
}

/** A server that could be restarted at once. */
export function restartFacts(parts: Partial<RecoveryFacts> = {}): RecoveryFacts {
  const own = workload(POSTGRES, { claims: [CLAIM.name] });
  const clients = [workload(SITE), workload(BOT)];
  return {
    settings: restartSettings(),
    at: NOW,
    snapshot: snapshot([]),
    forecast: { kind: 'steady' } as never,
    sessions: seen([], NOW),
    roles: seen([], NOW),
    orphans: null,
    cluster: seen(clusterState({ pods: [SERVER_POD], nodes: [SERVER_NODE] }), NOW),
    workload: { reference: POSTGRES, workload: seen(own, NOW) },
    dependents: clients.map((each) => ({ reference: each.reference, workload: seen(each, NOW) })),
    applicationWorkloads: [],
    neighbours: seen([own, ...clients], NOW),
    scalers: seen([], NOW),
    storage: seen(storage(), NOW),
    events: seen([], NOW),
    backups: seen(backups(), NOW),
    ...parts,
  };
}
