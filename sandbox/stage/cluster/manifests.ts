import type { NewObject } from '../../kubernetes/api/object.ts';

/** How the cluster's applications reach their server. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

const NAMESPACE = 'default';
export const CLAIM = 'postgres-storage';
/** Before its pods are killed: less than the usual 30 s, for nobody should wait so long for a drill. */
export const GRACE_SECONDS = 10;

/** What stands around the server as in 2020 (product.md §1): RollingUpdate with one replica, the volume retained. */
export function postgresClaim(): NewObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: CLAIM, namespace: NAMESPACE },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'linode-block-storage-retain',
      resources: { requests: { storage: '10Gi' } },
      volumeMode: 'Filesystem',
    },
  };
}

export function postgresDeployment({ port }: ServerAddress, graceSeconds: number): NewObject {
  return deployment('postgres', 1, {
    terminationGracePeriodSeconds: graceSeconds,
    containers: [
      {
        name: 'postgres',
        image: 'postgres:12',
        ports: [{ containerPort: port, protocol: 'TCP' }],
        volumeMounts: [{ name: 'postgres-data', mountPath: '/var/lib/postgresql/data' }],
      },
    ],
    volumes: [{ name: 'postgres-data', persistentVolumeClaim: { claimName: CLAIM } }],
  });
}

export function postgresService({ host, port }: ServerAddress): NewObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'postgres', namespace: NAMESPACE },
    spec: {
      type: 'ClusterIP',
      clusterIP: host,
      selector: { app: 'postgres' },
      ports: [{ port, targetPort: port, protocol: 'TCP' }],
    },
  };
}

/** An application that logs in as the role of its name, to the database of its name. */
export function applicationDeployment(
  name: string,
  replicas: number,
  pool: { readonly sessions: number; readonly useEveryMs: number },
  server: ServerAddress,
): NewObject {
  const env = {
    PGHOST: server.host,
    PGPORT: String(server.port),
    PGUSER: name,
    PGPASSWORD: name,
    PGDATABASE: name,
    PGAPPNAME: name,
  };
  return deployment(name, replicas, {
    containers: [
      {
        name,
        image: `ghcr.io/python-discord/${name}:2020.12.11`,
        args: ['--sessions', String(pool.sessions), '--use-every-ms', String(pool.useEveryMs)],
        env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
      },
    ],
  });
}

/** Nobody's dependent: found dead five hours after the recovery of 2020-12-11, for nobody had looked (product.md §1). */
export function redisDeployment(): NewObject {
  return deployment('redis', 1, { containers: [{ name: 'redis', image: 'redis:6.0' }] });
}

/** The backup of every night, at 4:00 UTC. */
export function backupCronJob(): NewObject {
  const containers = [
    {
      name: 'blackbox',
      image: 'ghcr.io/lemonsaurus/blackbox:latest',
      env: [{ name: 'PGDATABASE', value: 'postgres' }],
    },
  ];
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'blackbox', namespace: NAMESPACE },
    spec: {
      schedule: '0 4 * * *',
      concurrencyPolicy: 'Forbid',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        spec: {
          backoffLimit: 0,
          template: { metadata: { labels: { app: 'blackbox' } }, spec: { containers, restartPolicy: 'Never' } },
        },
      },
    },
  };
}

function deployment(name: string, replicas: number, spec: object): NewObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE, labels: { app: name } },
    spec: {
      replicas,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      selector: { matchLabels: { app: name } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: GRACE_SECONDS,
          ...spec,
          restartPolicy: 'Always',
          dnsPolicy: 'ClusterFirst',
          schedulerName: 'default-scheduler',
          tolerations: ['not-ready', 'unreachable'].map(tolerationOf),
        },
      },
    },
  };
}

/** As every pod is given by the admission plugin DefaultTolerationSeconds: a node's silence evicts it after five minutes. */
function tolerationOf(state: string): object {
  return { key: `node.kubernetes.io/${state}`, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 };
}
