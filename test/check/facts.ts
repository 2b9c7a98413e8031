import { listNeededAccess } from '../../src/check/access-questions.ts';
import type { CheckFacts } from '../../src/check/check.ts';
import type { ClusterFacts } from '../../src/check/cluster-facts.ts';
import { loadChecks, runChecks } from '../../src/check/run-checks.ts';
import type { Config } from '../../src/config/config.ts';
import type { CheckFinding } from '../../src/model/check-finding.ts';
import type { ClusterNode, Pod } from '../../src/model/cluster.ts';
import { DISCORD_PERMISSIONS, type DiscordChannel, type DiscordFacts } from '../../src/model/discord-facts.ts';
import { seen } from '../../src/model/observed.ts';
import type { PostgresFacts, RoleFacts } from '../../src/model/postgres-facts.ts';
import type { Storage, Workload } from '../../src/model/workload.ts';
import { configOf } from '../support/config.ts';

export const WORKLOAD = 'default/deployment/postgres';
export const CLAIM = 'default/persistentvolumeclaim/postgres-storage';
export const SITE = 'default/deployment/site';
export const BACKUP = 'backups/cronjob/blackbox';
export const MANIFEST = '/etc/breakwater/postgres.yaml';
export const ALERTS = '100000000000000003';
export const AUDIT = '100000000000000004';
export const ON_CALL = '100000000000000008';

/** A configuration that names all that there is to check. */
export const EVERYTHING: Config = configOf(
  `discord:
  applicationId: "100000000000000001"
  guildId: "100000000000000002"
  channels: { alerts: "${ALERTS}", audit: "${AUDIT}" }
  roles:
    observe: ["100000000000000005"]
    respond: ["100000000000000006"]
    recover: ["100000000000000007"]
    onCall: "${ON_CALL}"
kubernetes: { podCidrs: ["10.2.0.0/16"] }
heartbeat: { url: "https://heartbeat.example.org", every: 60s }
databases:
  - name: main
    connection: { host: postgres.example.org, user: breakwater }
    canary: { user: canary }
    applications:
      - { name: site, match: { user: site }, limit: 32 }
    workload: ${WORKLOAD}
    claim: ${CLAIM}
    manifest: ./postgres.yaml
    dependents: [${SITE}]
    backup: { cronJob: ${BACKUP}, maxAge: 26h }
`,
  {
    env: {
      DISCORD_TOKEN: 'a-bot-token',
      DATABASE_MAIN_PASSWORD: 'a-password',
      DATABASE_MAIN_CANARY_PASSWORD: 'another',
      DISCORD_FALLBACK_WEBHOOK_URL: 'https://discord.com/api/webhooks/1/secret',
    },
  },
);

export function channel(name: string, parts: Partial<DiscordChannel> = {}): DiscordChannel {
  return { name, guildId: '100000000000000002', kind: 'text', granted: new Set(DISCORD_PERMISSIONS), ...parts };
}

export function discordFacts(parts: Partial<DiscordFacts> = {}): DiscordFacts {
  const role = (name: string) => ({ name, mentionable: false });
  return {
    application: { id: '100000000000000001', name: 'Breakwater' },
    guild: { id: '100000000000000002', name: 'Devs' },
    roles: new Map([
      ['100000000000000005', role('observers')],
      ['100000000000000006', role('responders')],
      ['100000000000000007', role('recoverers')],
      [ON_CALL, role('on-call')],
    ]),
    channels: new Map([
      [ALERTS, channel('alerts')],
      [AUDIT, channel('audit')],
    ]),
    ...parts,
  };
}

export function role(parts: Partial<RoleFacts> = {}): RoleFacts {
  return {
    superuser: false,
    canLogin: true,
    connectionLimit: 40,
    usesReservedSlots: false,
    adjustable: true,
    ...parts,
  };
}

export function postgresFacts(parts: Partial<PostgresFacts> = {}): PostgresFacts {
  return {
    server: {
      versionNumber: 180_004,
      version: '18.4',
      capacity: { max: 100, superuserReserved: 3, reserved: 5 },
      inRecovery: false,
      startedAt: 0,
      missingPrivileges: [],
    },
    settings: {
      keepalive: { idleS: 60, intervalS: 10, count: 6 },
      clientCheckMs: 10_000,
      idleInTransactionMs: 600_000,
      trackActivities: true,
    },
    roles: new Map([
      ['site', role()],
      ['canary', role({ connectionLimit: 2 })],
    ]),
    pooled: false,
    sessions: { total: 40, hidden: 0 },
    canary: { verdict: 'admitted', inferred: false, tookMs: 12, serverSaid: null },
    ...parts,
  };
}

export function workload(parts: Partial<Workload> = {}): Workload {
  return {
    reference: { namespace: 'default', kind: 'deployment', name: 'postgres' },
    uid: 'w',
    resourceVersion: '1',
    desired: 1,
    ready: 1,
    strategy: 'Recreate',
    revision: '1',
    images: ['postgres:18.4'],
    selector: { app: 'postgres' },
    claims: ['postgres-storage'],
    managers: [],
    paused: false,
    heldReplicas: null,
    surge: 1,
    rollout: { observed: true, updated: 1, total: 1, available: 1, restartedAt: null },
    ...parts,
  };
}

export function storage(volume: Partial<NonNullable<Storage['volume']>> = {}): Storage {
  return {
    claim: {
      reference: { namespace: 'default', kind: 'persistentvolumeclaim', name: 'postgres-storage' },
      phase: 'Bound',
      sizeText: '10Gi',
    },
    volume: {
      name: 'pvc-1',
      reclaimPolicy: 'Retain',
      storageClass: 'linode-block-storage-retain',
      accessModes: ['ReadWriteOnce'],
      handle: '1-pvc1',
      driver: 'linodebs.csi.linode.com',
      ...volume,
    },
    attachments: [],
  };
}

export function pod(address: string, parts: Partial<Pod> = {}): Pod {
  return {
    namespace: 'default',
    name: `pod-${address}`,
    uid: address,
    phase: 'Running',
    terminatingAt: null,
    node: 'one',
    addresses: [address],
    hostNetwork: false,
    createdAt: 0,
    scheduledAt: 0,
    startedAt: 0,
    ready: true,
    readySince: 0,
    owner: null,
    containers: [],
    claims: [],
    ...parts,
  };
}

export function node(name: string, podCidrs: readonly string[]): ClusterNode {
  return {
    name,
    uid: name,
    addresses: ['192.168.0.1'],
    podCidrs,
    tunnelAddresses: [],
    ready: 'True',
    readySince: 0,
    readyReason: '',
    unschedulable: false,
    taints: [],
    providerId: null,
    volumesInUse: [],
  };
}

export const YAML = `apiVersion: apps/v1
kind: Deployment
metadata: { name: postgres }
spec: { template: { spec: { containers: [{ name: postgres, image: "postgres:18.4" }] } } }
`;

export function clusterFacts(parts: Partial<ClusterFacts> = {}): ClusterFacts {
  const nodes = [node('one', ['10.2.0.0/24']), node('two', ['10.2.1.0/24'])];
  return {
    state: seen({ pods: [pod('10.2.0.7'), pod('10.2.1.9')], vanished: [], nodes, watchedSince: 0 }, 0),
    access: seen(
      listNeededAccess(EVERYTHING).map(({ question }) => ({ question, allowed: true, reason: '' })),
      0,
    ),
    workloads: new Map([
      [WORKLOAD, seen(workload(), 0)],
      [SITE, seen(workload({ desired: 3, ready: 3 }), 0)],
    ]),
    claims: new Map([[CLAIM, seen(storage(), 0)]]),
    cronJobs: new Map([[BACKUP, seen(backups(), 0)]]),
    manifests: new Map([[MANIFEST, { ok: true, text: YAML }]]),
    ...parts,
  };
}

export function backups(suspended = false) {
  const cronJob = { namespace: 'backups', kind: 'cronjob', name: 'blackbox' };
  return { cronJob, schedule: '0 3 * * *', suspended, lastSuccessAt: 0, jobs: [] };
}

/** All is well, but for what a test changes. */
export function facts(parts: Partial<CheckFacts> = {}): CheckFacts {
  return {
    config: EVERYTHING,
    discord: { kind: 'seen', facts: discordFacts() },
    postgres: new Map([['main', { kind: 'seen', facts: postgresFacts() }]]),
    cluster: clusterFacts(),
    ...parts,
  };
}

export const inDiscord = (parts: Partial<DiscordFacts>): CheckFacts =>
  facts({ discord: { kind: 'seen', facts: discordFacts(parts) } });
export const inPostgres = (parts: Partial<PostgresFacts>): CheckFacts =>
  facts({ postgres: new Map([['main', { kind: 'seen', facts: postgresFacts(parts) }]]) });
export const inCluster = (parts: Partial<ClusterFacts>): CheckFacts => facts({ cluster: clusterFacts(parts) });

export const CHECKS = await loadChecks();

/** Everything that is not simply well, by the whole catalogue: what one fault must say, and nothing else with it. */
export function problems(given: CheckFacts): readonly CheckFinding[] {
  return runChecks(CHECKS, given).filter(({ level, mend }) => level !== 'ok' || mend !== null);
}

/** As `level id · subject`, and the mend by itself. */
export function told(given: CheckFacts): readonly (readonly [string, string | null])[] {
  return problems(given).map(({ level, id, subject, mend }) => [`${level} ${id} · ${subject}`, mend]);
}
