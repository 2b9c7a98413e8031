import { createSandboxDiscord, type SandboxDiscord } from '../../sandbox/discord/create-sandbox-discord.ts';
import type { Command } from '../../src/discord/command.ts';
import { createReceiver } from '../../src/discord/receive-interaction.ts';
import { describeCommands, registerCommands } from '../../src/discord/register-commands.ts';
import type { Registry } from '../../src/discord/registry.ts';
import { createRest } from '../../src/discord/rest.ts';
import { createRouter } from '../../src/discord/router.ts';
import type { Clock } from '../../src/model/clock.ts';
import { UserFacingError } from '../../src/model/user-facing-error.ts';
import type { Message } from '../../src/render/message.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { sharedOpenApi } from '../sandbox/discord/api.ts';
import { fakeOperations } from '../support/operations.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

function chart(text: string): Message {
  return {
    embed: { title: text, colour: 1 },
    buttons: [{ id: 'db.status:refresh:main', label: 'Refresh', style: 'quiet' }],
    file: { name: 'chart.png', type: 'image/png' as const, description: text, data: PNG },
  };
}

/** Like `/db status`: what it does is told by its option. */
const status = {
  description: 'Connections',
  access: 'observe',
  answer: 'public-in-alert-channel',
  options: [{ name: 'database', description: 'Which', autocomplete: () => ['main', 'other'] }],
  async run({ options: { database = 'main' } }) {
    if (database === 'nowhere') throw new UserFacingError('No database is named nowhere.');
    if (database === 'broken') throw new Error('out of order');
    return chart(`status of ${database}`);
  },
  buttons: { refresh: { access: 'observe', answer: 'edit', run: async () => chart('refreshed') } },
} satisfies Command;

const operations = fakeOperations();

/** The bot's whole way of answering, against a sandbox; the gateway is left out. */
export interface Answering extends AsyncDisposable {
  readonly sandbox: SandboxDiscord;
  readonly log: ReturnType<typeof createRecordedLog>;
  /** Resolves when the log has an error of that name. */
  logged(message: string): Promise<void>;
}

export async function startAnswering(
  options: {
    readonly tokenLivesMs?: number;
    readonly timeoutMs?: number;
    /** Of the bot alone. */
    readonly clock?: Clock;
    readonly commands?: Readonly<Record<string, Command>>;
  } = {},
): Promise<Answering> {
  const { tokenLivesMs, timeoutMs = 10_000, clock = systemClock, commands = { 'db status': status } } = options;
  const registry: Registry = { commands: new Map(Object.entries(commands)), groups: new Map([['db', 'Databases']]) };
  const sandbox = await createSandboxDiscord({
    openApi: sharedOpenApi,
    ...(tokenLivesMs !== undefined && { times: { tokenLivesMs } }),
  });
  const log = createRecordedLog();
  const stopping = new AbortController();
  const rest = createRest({ apiUrl: sandbox.apiUrl, token: sandbox.token, timeoutMs });
  await registerCommands(rest, sandbox, describeCommands(registry), new AbortController().signal);
  const route = createRouter({
    guildId: sandbox.guildId,
    isPublicPlace: (channelId) => channelId === sandbox.channels.alerts,
    roles: {
      observe: [sandbox.roles.observe],
      respond: [sandbox.roles.respond],
      recover: [sandbox.roles.recover],
    },
    registry,
    operations,
    clock,
    log,
    newReference: () => 'ref1',
    signal: stopping.signal,
  });
  const receive = createReceiver({ rest, applicationId: sandbox.applicationId, route, log });
  sandbox.events.on((event) => {
    if (event.type === 'interaction-created') receive(event.interaction.payload);
  });
  return {
    sandbox,
    log,
    async logged(message) {
      while (!log.lines.some((line) => line.message === message)) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await sandbox.close();
    },
  };
}
