import { randomBytes } from 'node:crypto';
import { createAlertDesk } from './alerts/alert-desk.ts';
import type { Rule } from './alerts/rule.ts';
import { startDatabase } from './bot-database.ts';
import type { Config } from './config/config.ts';
import { listIdleSections } from './config/idle-sections.ts';
import { createMessageBoard } from './delivery/message-board.ts';
import { createChannelTransport } from './discord/channel-transport.ts';
import { createGateway } from './discord/gateway.ts';
import { keepRegistered } from './discord/keep-registered.ts';
import { createReceiver } from './discord/receive-interaction.ts';
import { loadRegistry } from './discord/registry.ts';
import { createRest } from './discord/rest.ts';
import { createRouter } from './discord/router.ts';
import type { Clock } from './model/clock.ts';
import type { Log } from './model/log.ts';
import { createOperations } from './operations/create-operations.ts';
import { readTlsOptions } from './postgres/read-tls-options.ts';

export interface Bot {
  /** Ends every loop and connection; what is under way is let finish. */
  stop(): Promise<void>;
}

/** Wires the rooms together. Throws when `commands/` has a fault or a PEM file cannot be read. */
export async function startBot(options: {
  readonly config: Config;
  readonly rules: readonly Rule[];
  readonly clock: Clock;
  readonly log: Log;
  /** Nothing can go on; the reason is for people. */
  readonly onFatal: (reason: string) => void;
}): Promise<Bot> {
  const { config, rules, clock, log, onFatal } = options;
  const { discord, secrets } = config;
  const idle = listIdleSections(config);
  log.info({ databases: config.databases.map(({ name }) => name), discord: discord.apiUrl }, 'starting');
  if (idle.length > 0) log.warn({ sections: idle }, 'configured, but this version does not act on it yet');

  const registry = await loadRegistry(new URL('../commands/', import.meta.url));
  // Before anything runs: what is open when this throws would keep the process alive, of no use and deaf to SIGTERM.
  const tls = await Promise.all(config.databases.map(async ({ connection: { ssl } }) => ssl && readTlsOptions(ssl)));
  const token = secrets.discordToken.reveal();
  const rest = createRest({ apiUrl: discord.apiUrl, token });
  const board = createMessageBoard({
    transport: createChannelTransport(rest, discord.channels.alerts),
    clock,
    log,
    newNonce: () => randomBytes(12).toString('hex'),
  });
  const desk = createAlertDesk(
    rules,
    config.databases.map(({ name, alerts }) => ({ name, settings: alerts })),
  );
  const databases = config.databases.map((database, index) =>
    startDatabase({
      database,
      tls: tls[index],
      secrets: secrets.databases.get(database.name),
      onCallRole: discord.roles.onCall,
      rules,
      desk,
      board,
      clock,
      log,
    }),
  );
  const route = createRouter({
    guildId: discord.guildId,
    alertChannelId: discord.channels.alerts,
    roles: discord.roles,
    registry,
    operations: createOperations(databases, clock),
    log,
    newReference: () => randomBytes(4).toString('hex'),
  });
  const stopping = new AbortController();
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

  return {
    async stop() {
      stopping.abort();
      await Promise.all([gateway.stop(), registering, ...databases.map((database) => database.close())]);
      await board.stop();
    },
  };
}
