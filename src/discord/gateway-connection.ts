import {
  DefaultWebSocketManagerOptions,
  type FetchingStrategyOptions,
  type SessionInfo,
  WebSocketShard,
  WebSocketShardEvents,
} from '@discordjs/ws';
import { type APIGatewayBotInfo, GatewayDispatchEvents, GatewayIntentBits } from 'discord-api-types/v10';

/** Where to go on with a session, as the library keeps it. */
export type GatewaySession = SessionInfo;

/** Why a connection is no more; a `closed` carries Discord's code, 1006 for a cut one. */
export type Loss =
  | { readonly kind: 'closed'; readonly code: number }
  | { readonly kind: 'failed'; readonly reason: string };

/** One connection to the gateway, from its socket to its end. It never comes back: the next one is another. */
export interface GatewayConnection {
  /** Ends it and all that belongs to it. `politely` says goodbye, which ends the session, and waits for the answer till `giveUp`. */
  end(politely: Promise<void> | null): Promise<void>;
}

export interface ConnectionEvents {
  /** READY or RESUMED: interactions come from now on. */
  readonly onReady: () => void;
  /** A heartbeat was acknowledged. */
  readonly onHeartbeat: () => void;
  /** A raw INTERACTION_CREATE, unchecked. */
  readonly onInteraction: (raw: unknown) => void;
  /** What a later connection can resume; null when nothing can be. */
  readonly onSession: (session: GatewaySession | null) => void;
  /** Called once, and never by `end`. */
  readonly onLost: (loss: Loss) => void;
}

const SHARD = 0;

/**
 * Opens a connection with the library's shard, and keeps from it what a bot for 3 am cannot bear (seen in @discordjs/ws
 * 1.2.3): it reconnects after it was destroyed, every half second and for ever, beside the one that took its place; it
 * leaves a socket that was still connecting, whose error then ends the process; it waits 30 s for a dead peer's goodbye.
 */
export function openGatewayConnection(
  options: ConnectionEvents & {
    readonly token: string;
    readonly information: APIGatewayBotInfo;
    readonly session: GatewaySession | null;
    /** Resolves when a new session may be asked for; rejects when the signal aborts. */
    readonly waitForIdentify: (signal: AbortSignal) => Promise<void>;
  },
): GatewayConnection {
  const { token, information, waitForIdentify, onReady, onHeartbeat, onInteraction, onSession, onLost } = options;
  let { session } = options;
  let state: 'living' | 'lost' | 'ended' = 'living';

  const lose = (loss: Loss): void => {
    if (state !== 'living') return;
    state = 'lost';
    onLost(loss);
  };
  const shardOptions: FetchingStrategyOptions = {
    ...DefaultWebSocketManagerOptions,
    token,
    // The Guilds intent alone (contract.md, fine print 4): interactions need none.
    intents: GatewayIntentBits.Guilds,
    gatewayInformation: information,
    shardCount: 1,
  };
  const shard = new WebSocketShard(
    {
      options: shardOptions,
      // Each connection of a shard begins by asking this: a shard that has had its one waits here for ever.
      retrieveSessionInfo: () => (state === 'living' ? session : new Promise<never>(() => {})),
      updateSessionInfo: (_, next) => {
        if (state === 'ended') return;
        session = next;
        onSession(next);
      },
      waitForIdentify: (_, signal) => waitForIdentify(signal),
    },
    SHARD,
  );
  shard.on(WebSocketShardEvents.Ready, onReady);
  shard.on(WebSocketShardEvents.Resumed, onReady);
  shard.on(WebSocketShardEvents.HeartbeatComplete, onHeartbeat);
  shard.on(WebSocketShardEvents.Dispatch, ({ data }) => {
    if (state === 'living' && data.t === GatewayDispatchEvents.InteractionCreate) onInteraction(data.d);
  });
  shard.on(WebSocketShardEvents.Closed, ({ code }) => lose({ kind: 'closed', code }));
  shard.on(WebSocketShardEvents.Error, ({ error }) => lose({ kind: 'failed', reason: error.message }));
  // It rejects with the error that the listener above is told of.
  shard.connect().catch((error: unknown) => lose({ kind: 'failed', reason: String(error) }));

  return {
    async end(politely) {
      state = 'ended';
      // The shard has its socket a moment after `connect`, and acts on a loss a moment after it.
      await new Promise((resolve) => setImmediate(resolve));
      if (politely) await Promise.race([shard.destroy(), politely]);
      const { connection } = shard as unknown as ShardInside;
      // A socket that is cut while it connects says so, and an error without a listener ends the process.
      connection?.on('error', () => {});
      connection?.terminate();
      // Its timers; with the socket cut it waits for nothing.
      await shard.destroy();
    },
  };
}

/** What the library does not show of its shard; the exact version is pinned, and the tests would miss it. */
interface ShardInside {
  readonly connection: { on(event: 'error', listener: () => void): void; terminate(): void } | null;
}
