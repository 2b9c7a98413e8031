import { readFile } from 'node:fs/promises';
import { createConfiguredRedactor } from './bot-redactor.ts';
import type { ManifestText } from './check/cluster-facts.ts';
import { listRoleLimits } from './check/connection-limits.ts';
import { type ClusterPorts, readClusterFacts } from './check/read-cluster-facts.ts';
import { loadChecks, runChecks } from './check/run-checks.ts';
import type { Config, DatabaseConfig } from './config/config.ts';
import { readDiscordFacts } from './discord/read-discord-facts.ts';
import { createRest } from './discord/rest.ts';
import type { CheckFinding } from './model/check-finding.ts';
import type { Clock } from './model/clock.ts';
import type { PostgresSight } from './model/postgres-facts.ts';
import type { Redactor } from './model/redact.ts';
import { examineServer } from './postgres/examine-server.ts';
import { readTlsOptions } from './postgres/read-tls-options.ts';

/** Reads the world as it is, at once and on connections of its own, and judges it; changes nothing. Never throws but for a faulty check. */
export async function examine(options: {
  readonly config: Config;
  /** Null: no cluster is configured, or none can be reached from here. */
  readonly cluster: ClusterPorts | null;
  readonly clock: Clock;
  /** Findings quote what others said. */
  readonly redactor: Redactor;
}): Promise<readonly CheckFinding[]> {
  const { config, clock, redactor } = options;
  const { discord, databases, secrets } = config;
  const { alerts, audit } = discord.channels;
  const rest = createRest({ apiUrl: discord.apiUrl, token: secrets.discordToken.reveal(), redactor });
  const [checks, seen, servers, cluster] = await Promise.all([
    loadChecks(),
    readDiscordFacts(rest, { guildId: discord.guildId, channelIds: [alerts, audit] }),
    Promise.all(databases.map(async (each) => [each.name, await examineDatabase(each, config, clock)] as const)),
    options.cluster && readClusterFacts(config, options.cluster, readManifest),
  ]);
  return redactor.value(runChecks(checks, { config, discord: seen, postgres: new Map(servers), cluster }));
}

/** The same for a process that does nothing else. */
export function examineOnce(
  config: Config,
  parts: { readonly cluster: ClusterPorts | null; readonly clock: Clock; readonly ruleIds: readonly string[] },
): Promise<readonly CheckFinding[]> {
  const { redactor } = createConfiguredRedactor(config, parts.ruleIds);
  return examine({ config, cluster: parts.cluster, clock: parts.clock, redactor });
}

async function examineDatabase(database: DatabaseConfig, { secrets }: Config, clock: Clock): Promise<PostgresSight> {
  const { connection, canary, name } = database;
  const own = secrets.databases.get(name);
  const roles = listRoleLimits(database).map(({ role }) => role);
  let ssl: Awaited<ReturnType<typeof readTlsOptions>> | undefined;
  try {
    ssl = connection.ssl && (await readTlsOptions(connection.ssl));
  } catch (error) {
    // Node's message names the file, and nothing of what is in it.
    return { kind: 'failed', reason: `a file under connection.ssl cannot be read: ${(error as Error).message}` };
  }
  return examineServer(
    {
      connection: { ...connection, password: own?.password?.reveal(), ssl },
      canary: canary ? { ...canary, password: own?.canaryPassword?.reveal() } : null,
      roles: canary ? [...roles, canary.user] : roles,
    },
    clock,
  );
}

async function readManifest(path: string): Promise<ManifestText> {
  try {
    return { ok: true, text: await readFile(path, 'utf8') };
  } catch (error) {
    return { ok: false, code: (error as NodeJS.ErrnoException).code ?? 'unknown error' };
  }
}
