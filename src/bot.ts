import { randomBytes } from 'node:crypto';
import { type AlertDesk, createAlertDesk } from './alerts/alert-desk.ts';
import type { Rule } from './alerts/rule.ts';
import type { Config, DatabaseConfig } from './config/config.ts';
import { listIdleSections } from './config/idle-sections.ts';
import { createAnnouncer } from './delivery/announce-alerts.ts';
import { createMessageBoard, type MessageBoard } from './delivery/message-board.ts';
import { createChannelTransport } from './discord/channel-transport.ts';
import { createGateway } from './discord/gateway.ts';
import { keepRegistered } from './discord/keep-registered.ts';
import { createReceiver } from './discord/receive-interaction.ts';
import { loadRegistry } from './discord/registry.ts';
import { createRest } from './discord/rest.ts';
import { createRouter } from './discord/router.ts';
import type { Clock } from './model/clock.ts';
import { createHistory } from './model/history.ts';
import type { Log } from './model/log.ts';
import type { Snapshot } from './model/snapshot.ts';
import { tallyApplications } from './model/tally.ts';
import { createOperations } from './operations/create-operations.ts';
import type { WatchedDatabase } from './operations/read-status.ts';
import { createDatabaseSource } from './postgres/create-database-source.ts';
import { readTlsOptions } from './postgres/read-tls-options.ts';
import { paintConnectionChart } from './render/connection-chart-file.ts';
import { decideSamplingInterval } from './watch/sampling-interval.ts';
import { watchDatabase } from './watch/watch-database.ts';

/** What charts look back on (product.md §4); one point a second. */
const HISTORY = { bucketMs: 1_000, spanMs: 30 * 60_000 } as const;

export interface Bot {
  /** Ends every loop and connection; what is under way is let finish. */
  stop(): Promise<void>;
}

/** Wires the rooms together: the whole product in one screen. Throws when `commands/` has a fault. */
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
  const registry = await loadRegistry(new URL('../commands/', import.meta.url));
  const stopping = new AbortController();
  const idle = listIdleSections(config);
  if (idle.length > 0) log.warn({ sections: idle }, 'configured, but this version does not act on it yet');

  const rest = createRest({ apiUrl: discord.apiUrl, token: secrets.discordToken.reveal() });
  const board = createMessageBoard({
    transport: createChannelTransport(rest, discord.channels.alerts),
    clock,
    log,
    newNonce: () => randomBytes(12).toString('hex'),
  });
  const desk = createAlertDesk(
    rules,
    config.databases.map(({ name, applications, alerts }) => ({ name, applications, settings: alerts })),
  );
  const databases = await Promise.all(
    config.databases.map((database) => watch({ database, config, rules, desk, board, clock, log })),
  );
  const operations = createOperations(databases, clock);
  const route = createRouter({
    guildId: discord.guildId,
    alertChannelId: discord.channels.alerts,
    roles: discord.roles,
    registry,
    operations,
    log,
    newReference: () => randomBytes(4).toString('hex'),
  });
  const gateway = createGateway({
    apiUrl: discord.apiUrl,
    token: secrets.discordToken.reveal(),
    clock,
    log,
    onFatal,
    onInteraction: createReceiver({ rest, applicationId: discord.applicationId, route, log }),
    onConnected: () => {
      log.info({}, 'connected to Discord');
      void keepRegistered({ rest, ids: discord, registry, clock, log, signal: stopping.signal });
    },
  });

  return {
    async stop() {
      stopping.abort();
      await Promise.all([gateway.stop(), ...databases.map((database) => database.close())]);
      await board.stop();
    },
  };
}

/** One database: its source, its watch, and what follows from each snapshot. */
async function watch(options: {
  readonly database: DatabaseConfig;
  readonly config: Config;
  readonly rules: readonly Rule[];
  readonly desk: AlertDesk;
  readonly board: MessageBoard;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<WatchedDatabase & { close(): Promise<void> }> {
  const { database, config, rules, desk, board, clock, log } = options;
  const { name, applications, sampling } = database;
  const history = createHistory(HISTORY);
  const totalRule = database.alerts['connections-total'];
  const announce = createAnnouncer({
    board,
    onCallRole: config.discord.roles.onCall,
    firstStepOf: (id) => rules.find((rule) => rule.id === id)?.firstStep ?? '',
    paint: () =>
      paintConnectionChart({ database: name, snapshot: watching.latest(), history, totalRule, now: clock.now() }, log),
    now: () => clock.now(),
  });
  const secrets = config.secrets.databases.get(name);
  const { ssl, ...connection } = database.connection;
  const source = createDatabaseSource({
    connection: {
      ...connection,
      password: secrets?.password?.reveal(),
      ssl: ssl && (await readTlsOptions(ssl)),
    },
    canary: database.canary && { ...database.canary, password: secrets?.canaryPassword?.reveal() },
    clock,
    log,
    random: Math.random,
  });

  function onSnapshot(snapshot: Snapshot): number {
    const { sessions } = snapshot;
    const counts = sessions.ok
      ? new Map(tallyApplications(sessions.value, applications).map((tally) => [tally.name, tally.count]))
      : null;
    history.record(sessions.at, counts);
    const { transitions, closeness } = desk.take(snapshot, clock.now());
    announce(transitions);
    return decideSamplingInterval(sessions.ok ? closeness : null, sampling);
  }

  const watching = watchDatabase({ database: name, source, canary: database.canary !== undefined, clock, onSnapshot });
  return {
    name,
    applications,
    totalRule,
    watch: watching,
    history,
    firing: () => desk.firing(name),
    async close() {
      await watching.stop();
      await source.close();
    },
  };
}
