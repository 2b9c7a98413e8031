import { randomBytes } from 'node:crypto';
import type { Rule } from './alerts/rule.ts';
import { startAlerts } from './bot-alerts.ts';
import { examine } from './bot-check.ts';
import { startChecks } from './bot-checks.ts';
import { type BotDatabase, startDatabase } from './bot-database.ts';
import { startHttp } from './bot-http.ts';
import { openStreams } from './bot-journal.ts';
import { startKubernetes } from './bot-kubernetes.ts';
import { startResponding } from './bot-responding.ts';
import { startServices } from './bot-services.ts';
import { attendOnAClock } from './bot-sources.ts';
import type { Config } from './config/config.ts';
import { listIdleSections } from './config/idle-sections.ts';
import { createCheckTeller } from './delivery/tell-checks.ts';
import { createChannelActs } from './discord/channel-acts.ts';
import { createGateway } from './discord/gateway.ts';
import { createGatewaySight } from './discord/gateway-sight.ts';
import { keepRegistered } from './discord/keep-registered.ts';
import { createMemberLevels } from './discord/member-levels.ts';
import { createMemberNames } from './discord/member-names.ts';
import { createReceiver } from './discord/receive-interaction.ts';
import { loadRegistry } from './discord/registry.ts';
import { createRest } from './discord/rest.ts';
import { createRouter } from './discord/router.ts';
import type { Clock } from './model/clock.ts';
import type { Log } from './model/log.ts';
import type { Redactor } from './model/redact.ts';
import { readHolders } from './operations/read-holders.ts';
import { readTlsOptions } from './postgres/read-tls-options.ts';

export interface Bot {
  /** Ends every loop and connection; what is under way is let finish. */
  stop(): Promise<void>;
}

/** Wires the rooms together. Throws when `commands/` has a fault, a PEM file cannot be read, or it cannot listen. */
export async function startBot(options: {
  readonly config: Config;
  /** Where a pod finds its credentials for the cluster, and people their kubeconfig. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly rules: readonly Rule[];
  /** The program's own. */
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Looks through all that leaves: to Discord, into the journal, over HTTP. */
  readonly redactor: Redactor;
  /** Nothing can go on; the reason is for people. */
  readonly onFatal: (reason: string) => void;
}): Promise<Bot> {
  const { config, rules, clock, log, redactor } = options;
  const { discord, secrets } = config;
  const idle = listIdleSections(config);
  log.info({ databases: config.databases.map(({ name }) => name), discord: discord.apiUrl }, 'starting');
  if (idle.length > 0) log.warn({ sections: idle }, 'configured, but this version does not act on it yet');

  const registry = await loadRegistry(new URL('../commands/', import.meta.url));
  // Before anything runs: what is open when this throws would keep the process alive, of no use and deaf to SIGTERM.
  const tls = await Promise.all(
    config.databases.map(async ({ connection, pgbouncer }) => ({
      server: connection.ssl && (await readTlsOptions(connection.ssl)),
      pooler: pgbouncer?.connection.ssl && (await readTlsOptions(pgbouncer.connection.ssl)),
    })),
  );
  const token = secrets.discordToken.reveal();
  const rest = createRest({ apiUrl: discord.apiUrl, token, redactor });
  const databases: BotDatabase[] = [];
  const acts = createChannelActs(rest);
  // The one that takes over goes on telling.
  const streams = await openStreams({ journal: config.journal, clock, log, redactor, onFatal: options.onFatal });
  const alerts = await startAlerts({
    config,
    rules,
    clock,
    log,
    redactor,
    streams,
    acts,
    paint: async (alert) => (await databases.find(({ name }) => name === alert.database)?.paint(alert)) ?? null,
    readHolders(name, when) {
      const database = databases.find((each) => each.name === name);
      return database ? readHolders(database, when) : null;
    },
  });
  const { desk } = alerts;
  const kubernetes = await startKubernetes({
    config: config.kubernetes,
    environment: options.environment,
    clock,
    log,
  });
  const services = startServices({ config, rules, desk, clock, log });
  for (const [index, database] of config.databases.entries()) {
    const dependents = config.services.filter(({ dependsOn }) => dependsOn === database.name);
    const own = { database, kubernetes, tls: tls[index], secrets: secrets.databases.get(database.name), dependents };
    databases.push(startDatabase({ ...own, rules, desk, clock, log }));
  }
  const nameMembers = createMemberNames(rest, discord.guildId, log);
  const responding = await startResponding({
    config,
    databases,
    kubernetes,
    readLevel: createMemberLevels(rest, discord.guildId, discord.roles),
    alerts,
    streams,
    acts,
    nameMembers,
    clock,
    log,
  });
  const stopping = new AbortController();
  const route = createRouter({
    guildId: discord.guildId,
    isPublicPlace: (channelId) => channelId === discord.channels.alerts || alerts.rooms.isIncidentThread(channelId),
    roles: discord.roles,
    registry,
    operations: responding.operations,
    clock,
    log,
    newReference: () => randomBytes(4).toString('hex'),
    signal: stopping.signal,
  });
  let registering: Promise<void> | null = null;
  const gateway = createGateway({
    apiUrl: discord.apiUrl,
    token,
    clock,
    log,
    onFatal,
    onInteraction: createReceiver({ rest, applicationId: discord.applicationId, route, log }),
    onConnected() {
      log.info({}, 'connected to Discord');
      registering ??= keepRegistered({ rest, ids: discord, registry, clock, log, signal: stopping.signal });
    },
  });
  const sight = createGatewaySight(gateway, clock);
  async function end(...others: readonly { stop(): Promise<void> }[]): Promise<void> {
    stopping.abort();
    const ends = [
      gateway.stop(),
      registering,
      services.stop(),
      responding.stop(),
      ...others.map((each) => each.stop()),
    ];
    await Promise.all([...ends, ...databases.map((database) => database.close())]);
    await kubernetes?.close();
    await alerts.stop();
    await streams.close();
  }
  const http = await startHttp({
    config,
    version: options.version,
    databases,
    alerts,
    services,
    acknowledgedAt: () => sight.acknowledgedAt(),
    clock,
    log,
    redactor,
  }).catch(async (error: unknown) => {
    // Where it cannot listen: what runs already would keep the process alive, deaf to SIGTERM.
    await end();
    throw error;
  });
  const attending = attendOnAClock({
    rules,
    desk,
    sources: () => [
      ...databases.map((database) => database.source()),
      ...alerts.sources(sight.blind()),
      ...(kubernetes ? [kubernetes.source()] : []),
    ],
    clusters: () =>
      databases.flatMap((database) => {
        const place = database.place();
        const { name, applications } = database;
        return place === null ? [] : [{ database: name, place, applications, now: clock.now() }];
      }),
    settingsOf: (name) => config.databases.find((database) => database.name === name)?.alerts ?? null,
    clock,
  });

  const checking = startChecks({
    examine: () => examine({ config, cluster: kubernetes, clock, redactor }),
    teller: createCheckTeller({ outbox: alerts.outbox, channels: discord.channels }),
    streams,
    clock,
    log,
  });

  function onFatal(reason: string): void {
    alerts.tellByOtherWay(reason);
    options.onFatal(reason);
  }

  return { stop: () => end(attending, checking, http) };
}
