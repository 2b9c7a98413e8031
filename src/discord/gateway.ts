import { Client, Events, GatewayCloseCodes, GatewayDispatchEvents, GatewayIntentBits, Options } from 'discord.js';
import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import { createDoorbell } from '../time/doorbell.ts';

/**
 * One connection to Discord's gateway, kept for ever: the client is thrown away and made anew when it is dead without
 * saying so (facts.md, Discord 2 and 4).
 */
export interface Gateway {
  /** Epoch milliseconds of the last sign of life; null while not connected. */
  lastHeartbeatAt(): number | null;
  stop(): Promise<void>;
}

/** Closes after which Discord never lets this configuration in again: exiting lets the supervisor show it. */
const FATAL: Readonly<Record<number, string>> = {
  [GatewayCloseCodes.AuthenticationFailed]: 'Discord refuses the bot token: put the right one into DISCORD_TOKEN.',
  [GatewayCloseCodes.DisallowedIntents]: 'Discord refuses the intents asked for: this is a fault of Breakwater.',
  [GatewayCloseCodes.InvalidIntents]: 'Discord does not know the intents asked for: this is a fault of Breakwater.',
  [GatewayCloseCodes.InvalidShard]: 'Discord refuses the shard: is the bot in more than 2,500 servers?',
  [GatewayCloseCodes.ShardingRequired]: 'Discord asks for sharding: is the bot in more than 2,500 servers?',
  [GatewayCloseCodes.InvalidAPIVersion]: 'Discord does not speak this API version any more: update Breakwater.',
};

const BACKOFF_MS = { first: 1_000, most: 30_000 } as const;
const WATCH_EVERY_MS = 5_000;
/** Discord asks for a heartbeat each 41 s; the client itself notices a dead connection only after 70–115 s. */
const SILENT_AFTER_MS = 60_000;
const CONNECT_WITHIN_MS = 30_000;

export function createGateway(options: {
  readonly apiUrl: string;
  readonly token: string;
  readonly clock: Clock;
  readonly log: Log;
  /** A raw INTERACTION_CREATE, unchecked. */
  readonly onInteraction: (raw: unknown) => void;
  /** Connected, the first time and after each loss. */
  readonly onConnected: () => void;
  /** Nothing can mend it from here; the text is for people. */
  readonly onFatal: (reason: string) => void;
}): Gateway {
  const { apiUrl, token, clock, log, onInteraction, onConnected, onFatal } = options;
  const news = createDoorbell(clock);
  let stopped = false;
  let client: Client | null = null;
  let connectedAt: number | null = null;

  async function connect(): Promise<Client | null> {
    const next = createClient(apiUrl);
    next.ws.on(GatewayDispatchEvents.InteractionCreate, onInteraction);
    next.on(Events.Error, (err) => log.warn({ err }, 'the Discord client reports an error'));
    next.on(Events.ShardError, (err) => log.warn({ err }, 'the Discord gateway reports an error'));
    next.on(Events.ShardDisconnect, ({ code }) => {
      onFatal(FATAL[code] ?? `Discord closed the gateway for good with code ${code}.`);
    });
    next.on(Events.ShardReconnecting, () => log.warn({}, 'the Discord gateway was lost; reconnecting'));
    next.on(Events.ShardResume, () => log.info({}, 'the Discord gateway is back'));
    const ready = new Promise<void>((resolve) => next.once(Events.ClientReady, () => resolve()));
    try {
      await withDeadline(clock, CONNECT_WITHIN_MS, async () => {
        await next.login(token);
        await ready;
      });
      return next;
    } catch (error) {
      await next.destroy();
      if (isInvalidToken(error)) onFatal(FATAL[GatewayCloseCodes.AuthenticationFailed] ?? '');
      else log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'Discord is out of reach');
      return null;
    }
  }

  async function keepConnected(): Promise<void> {
    let backoffMs: number = BACKOFF_MS.first;
    while (!stopped) {
      client = await connect();
      if (client === null) {
        if (!stopped) await news.wait(backoffMs);
        backoffMs = Math.min(BACKOFF_MS.most, backoffMs * 2);
        continue;
      }
      backoffMs = BACKOFF_MS.first;
      connectedAt = clock.now();
      onConnected();
      while (!stopped && clock.now() - (lastHeartbeatAt() ?? 0) < SILENT_AFTER_MS) await news.wait(WATCH_EVERY_MS);
      if (!stopped) log.warn({ lastHeartbeatAt: lastHeartbeatAt() }, 'no heartbeat from Discord: connecting anew');
      connectedAt = null;
      await client.destroy();
    }
  }

  function lastHeartbeatAt(): number | null {
    if (client === null || connectedAt === null) return null;
    return Math.max(connectedAt, client.ws.shards.first()?.lastPingTimestamp ?? 0);
  }

  const running = keepConnected();
  return {
    lastHeartbeatAt,
    async stop() {
      stopped = true;
      news.ring();
      await client?.destroy();
      await running;
    },
  };
}

/** Only the Guilds intent is asked for (contract.md, fine print 4), and nothing is cached that is not needed. */
function createClient(apiUrl: string): Client {
  return new Client({
    intents: [GatewayIntentBits.Guilds],
    rest: { api: apiUrl, retries: 0, timeout: 10_000 },
    waitGuildTimeout: 5_000,
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      GuildMemberManager: 0,
      PresenceManager: 0,
      ReactionManager: 0,
      UserManager: 1,
    }),
  });
}

function isInvalidToken(error: unknown): boolean {
  return error instanceof Error && (error as { readonly code?: unknown }).code === 'TokenInvalid';
}

async function withDeadline(clock: Clock, ms: number, work: () => Promise<void>): Promise<void> {
  const over = new AbortController();
  const late = async () => {
    await clock.sleep(ms, over.signal);
    if (!over.signal.aborted) throw new Error(`no connection within ${ms / 1_000} s`);
  };
  try {
    await Promise.race([work(), late()]);
  } finally {
    over.abort();
  }
}
