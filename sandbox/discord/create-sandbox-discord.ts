import type { Clock } from '../../src/model/clock.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { createFaults, type Faults } from './faults.ts';
import { createFeed, type Feed, type WaitOptions } from './feed.ts';
import { createGateway } from './gateway/gateway.ts';
import { createListener } from './listener.ts';
import { createPlayer, type Player } from './players/player.ts';
import { createRateLimits, type RateLimits } from './rest/rate-limits.ts';
import type { RequestRecord } from './rest/request-record.ts';
import { createRestHandler } from './rest/rest-handler.ts';
import { serveFile } from './rest/serve-file.ts';
import type { Violation } from './validate/finding.ts';
import { type CheckAgainstOpenApi, createOpenApiCheck } from './validate/openapi.ts';
import { createValidator } from './validate/validator.ts';
import type { WorldEvent } from './world/events.ts';
import type { StoredMessage } from './world/messages.ts';
import { createSeed, type MemberName, type RoleName, type Seed } from './world/seed.ts';
import type { Message } from './world/state.ts';
import { createWorld, type World, type WorldTimes } from './world/world.ts';

export interface SandboxDiscordOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Must tell times after 2016 (see ./snowflake.ts). */
  readonly clock?: Clock;
  readonly token?: string;
  readonly guildName?: string;
  readonly heartbeatIntervalMs?: number;
  readonly times?: Partial<WorldTimes>;
  /** From createOpenApiCheck; null to do without. Default: one of its own, if the document is there. */
  readonly openApi?: CheckAgainstOpenApi | null;
  /** Told of errors in the sandbox itself; thrown at the process by default. */
  readonly onError?: (error: unknown) => void;
}

export interface SandboxDiscord {
  /** For `discord.apiUrl` in the configuration. */
  readonly apiUrl: string;
  readonly gatewayUrl: string;
  readonly port: number;
  readonly token: string;
  readonly applicationId: string;
  readonly guildId: string;
  readonly channels: Seed['ids']['channels'];
  readonly roles: Seed['ids']['roles'];
  readonly members: Seed['ids']['members'];
  readonly world: World;
  readonly faults: Faults;
  readonly rateLimits: RateLimits;
  /** Every request that reached the API. */
  readonly requests: Feed<RequestRecord>;
  /** Everything that happened in the guild. */
  readonly events: Feed<WorldEvent>;
  /** What the bot sent that Discord would have refused, or that no document allows. Assert that it is empty. */
  readonly violations: readonly Violation[];
  /** Whether bodies are held against Discord's OpenAPI document too. */
  readonly validatesOpenApi: boolean;
  /** Of a webhook of the alert channel, as people copy it from Discord: for DISCORD_FALLBACK_WEBHOOK_URL. */
  readonly fallbackWebhookUrl: string;
  /** Connections of bots that have identified. */
  readonly connectedBots: number;
  actAs(member: MemberName): Player;
  /** Takes a member's roles away and gives these: what they click next carries them. */
  setRoles(member: MemberName, roles: readonly RoleName[]): void;
  /** Messages of a channel that everybody sees, oldest first. */
  messages(channelId: string): readonly Message[];
  /** With the files, and when each first reached the API. */
  stored(channelId: string): readonly StoredMessage[];
  /** The first message, as it is now or becomes by an edit, that fits. */
  waitForMessage(
    fits: (message: Message, stored: StoredMessage) => boolean,
    options?: WaitOptions,
  ): Promise<StoredMessage>;
  /** Compiles the checks that would otherwise cost the first messages some 100 ms each of this process's time. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the Discord-compatible server: REST and gateway on one port of 127.0.0.1, around one guild. */
export async function createSandboxDiscord(options: SandboxDiscordOptions = {}): Promise<SandboxDiscord> {
  const { port = 0, clock = systemClock, token = 'sandbox.token.of-no-value', heartbeatIntervalMs = 41_250 } = options;
  const seed = createSeed(options.guildName);
  const world = createWorld(seed, clock, {
    acknowledgeWithinMs: 3_000,
    tokenLivesMs: 15 * 60_000,
    nonceRememberedMs: 3 * 60_000,
    ...options.times,
  });
  const openApi = options.openApi === undefined ? createOpenApiCheck() : options.openApi;
  const requests = createFeed<RequestRecord>();
  const violations: Violation[] = [];
  const limits = createRateLimits(clock);
  const onError = options.onError ?? throwAtProcess;

  const gatewayUrl = (): string => `ws://127.0.0.1:${listener.port}/gateway`;
  const gateway = createGateway({ world, token, url: gatewayUrl, faults: () => faults, heartbeatIntervalMs });
  const faults = createFaults({
    async begin({ kind }) {
      if (kind === 'down') await listener.down();
      else if (kind === 'gateway-down') gateway.cutAll();
      else if (kind === 'black-hole') gateway.freeze();
    },
    async end({ kind }) {
      if (kind === 'down') await listener.listen();
      // What went into the hole is lost: its connections break.
      else if (kind === 'black-hole') listener.cut();
    },
    act: (act) => gateway.act(act),
  });
  const rest = createRestHandler({
    world,
    token,
    gatewayUrl,
    faults,
    limits,
    validate: createValidator(openApi),
    requests,
    violations,
    onError,
  });
  const listener = createListener(port, {
    request: (req, res) => {
      if (!serveFile(world.files, req, res)) rest(req, res).catch(onError);
    },
    upgrade: (req, socket, head) => gateway.upgrade(req, socket, head),
  });
  await listener.listen();
  world.files.baseUrl = `http://127.0.0.1:${listener.port}`;

  return {
    apiUrl: `http://127.0.0.1:${listener.port}/api`,
    gatewayUrl: gatewayUrl(),
    port: listener.port,
    token,
    applicationId: seed.applicationId,
    guildId: seed.guild.id,
    channels: seed.ids.channels,
    roles: seed.ids.roles,
    members: seed.ids.members,
    world,
    faults,
    rateLimits: limits,
    requests,
    events: world.events,
    violations,
    validatesOpenApi: openApi !== null,
    fallbackWebhookUrl: [...seed.webhooks.values()]
      .map(({ id, token: secret }) => `http://127.0.0.1:${listener.port}/api/webhooks/${id}/${secret}`)
      .join(''),
    get connectedBots() {
      return gateway.connected;
    },
    actAs(name) {
      const member = world.members.get(seed.ids.members[name]);
      if (member === undefined) throw new Error(`no member ${name} in the sandbox`);
      return createPlayer(world, member);
    },
    setRoles(name, roles) {
      const member = world.members.get(seed.ids.members[name]);
      if (member === undefined) throw new Error(`no member ${name} in the sandbox`);
      member.roleIds = roles.map((role) => seed.ids.roles[role]);
    },
    messages: (channelId) => world.messages.list(channelId).map(({ message }) => message),
    stored: (channelId) => world.messages.list(channelId),
    async waitForMessage(fits, options = {}) {
      const present = [...world.channels.keys()]
        .flatMap((id) => world.messages.list(id))
        .find((stored) => fits(stored.message, stored));
      if (present !== undefined) return present;
      const isIt = (event: WorldEvent): boolean =>
        (event.type === 'message-created' || event.type === 'message-edited') && fits(event.message, event.stored);
      const event = await world.events.waitFor(isIt, { what: 'a message', ...options, past: false });
      if (!('stored' in event)) throw new Error('not an event of a message');
      return event.stored;
    },
    async warmUp() {
      for (const [method, path] of COMMON_OPERATIONS) await openApi?.({ method, path, json: {} });
    },
    async close() {
      world.close();
      requests.close();
      gateway.close();
      await listener.down();
    },
  };
}

const COMMON_OPERATIONS = [
  ['POST', '/channels/{channel_id}/messages'],
  ['PATCH', '/channels/{channel_id}/messages/{message_id}'],
  ['POST', '/interactions/{interaction_id}/{interaction_token}/callback'],
  ['PATCH', '/webhooks/{webhook_id}/{webhook_token}/messages/@original'],
  ['PUT', '/applications/{application_id}/guilds/{guild_id}/commands'],
] as const;

function throwAtProcess(error: unknown): never {
  throw error;
}
