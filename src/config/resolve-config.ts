import { resolve } from 'node:path';
import type { Config, DatabaseConfig, SslConfig } from './config.ts';
import { resolveSecrets } from './resolve-secrets.ts';
import type { ConfigFile } from './schema/root.ts';

type DatabaseEntry = ConfigFile['databases'][number];
type SslEntry = NonNullable<DatabaseEntry['connection']['ssl']>;

/**
 * Turns a file without faults into what the program uses: paths made absolute against `directory`, defaults that depend
 * on other keys filled in. Pure. Throws on a file without databases, which the schema refuses.
 */
export function resolveConfig(file: ConfigFile, directory: string, secretValues: ReadonlyMap<string, string>): Config {
  const toPath = (path: string): string => resolve(directory, path);
  const toOptionalPath = (path: string | undefined) => (path === undefined ? undefined : toPath(path));
  const { discord, journal, kubernetes, heartbeat, http } = file;
  const [first, ...others] = file.databases.map((database) => resolveDatabase(database, toPath));
  if (first === undefined) throw new Error('the schema let a file without databases pass');
  return {
    discord: {
      apiUrl: discord.apiUrl.replace(/\/+$/, ''),
      applicationId: discord.applicationId,
      guildId: discord.guildId,
      channels: { alerts: discord.channels.alerts, audit: discord.channels.audit ?? discord.channels.alerts },
      roles: { ...discord.roles, onCall: discord.roles.onCall },
      approval: discord.approval,
      breakGlassAfterMs: discord.breakGlassAfter,
    },
    journal:
      journal.kubernetes === undefined
        ? { kind: 'sqlite', path: toPath(journal.sqlite ?? './breakwater.db') }
        : { kind: 'kubernetes', namespace: journal.kubernetes.namespace },
    kubernetes: kubernetes && { ...kubernetes, kubeconfig: toOptionalPath(kubernetes.kubeconfig) },
    linode: { apiUrl: file.linode.apiUrl.replace(/\/+$/, '') },
    http: http?.listen,
    heartbeat: heartbeat && { url: heartbeat.url, everyMs: heartbeat.every },
    databases: [first, ...others],
    services: file.services.map(({ name, url, dependsOn, impact, every, timeout }) => {
      return { name, url, dependsOn, impact, everyMs: every, timeoutMs: timeout };
    }),
    secrets: resolveSecrets(file, secretValues),
  };
}

function resolveDatabase(entry: DatabaseEntry, toPath: (path: string) => string): DatabaseConfig {
  const { connection, canary, sampling, backup, pgbouncer } = entry;
  return {
    name: entry.name,
    connection: { ...connection, ssl: connection.ssl && resolveSsl(connection.ssl, toPath) },
    canary: canary && { user: canary.user, database: canary.database ?? connection.database },
    sampling: { calmMs: sampling.calm, fastMs: sampling.fast },
    alerts: entry.alerts,
    applications: entry.applications,
    protect: entry.protect,
    workload: entry.workload,
    claim: entry.claim,
    manifest: entry.manifest === undefined ? undefined : toPath(entry.manifest),
    dependents: entry.dependents,
    volume: entry.volume,
    backup: backup && { cronJob: backup.cronJob, maxAgeMs: backup.maxAge },
    pgbouncer: pgbouncer && {
      connection: {
        ...pgbouncer.connection,
        ssl: pgbouncer.connection.ssl && resolveSsl(pgbouncer.connection.ssl, toPath),
      },
    },
  };
}

function resolveSsl(ssl: SslEntry, toPath: (path: string) => string): SslConfig {
  return {
    ca: ssl.ca === undefined ? undefined : toPath(ssl.ca),
    cert: ssl.cert === undefined ? undefined : toPath(ssl.cert),
    key: ssl.key === undefined ? undefined : toPath(ssl.key),
    rejectUnauthorized: ssl.rejectUnauthorized ?? true,
    serverName: ssl.serverName,
  };
}
