import { Client, GatewayIntentBits, type Interaction, type RESTOptions } from 'discord.js';
import {
  createSandboxDiscord,
  type SandboxDiscord,
  type SandboxDiscordOptions,
} from '../../../sandbox/discord/create-sandbox-discord.ts';
import { sharedOpenApi } from './api.ts';

/** The real, unchanged discord.js client, logged in to a sandbox of its own. */
export interface RealBot extends AsyncDisposable {
  readonly sandbox: SandboxDiscord;
  readonly client: Client<true>;
  /** What an interaction is answered with from now on. */
  answer(handler: (interaction: Interaction) => Promise<unknown>): void;
  /** What handlers threw. */
  readonly errors: unknown[];
}

export async function startRealBot(
  options: SandboxDiscordOptions & { readonly rest?: Partial<RESTOptions> } = {},
): Promise<RealBot> {
  const { rest, ...sandboxOptions } = options;
  const sandbox = await createSandboxDiscord({ openApi: sharedOpenApi, ...sandboxOptions });
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { ...rest, api: sandbox.apiUrl } });
  const errors: unknown[] = [];
  let handler: (interaction: Interaction) => Promise<unknown> = async () => {};
  client.on('error', (error) => errors.push(error));
  client.on('shardError', (error) => errors.push(error));
  client.on('interactionCreate', (interaction) => {
    handler(interaction).catch((error: unknown) => errors.push(error));
  });
  const ready = new Promise((resolve) => client.once('clientReady', resolve));
  await client.login(sandbox.token);
  await ready;
  return {
    sandbox,
    client: client as Client<true>,
    errors,
    answer(next) {
      handler = next;
    },
    async [Symbol.asyncDispose]() {
      await client.destroy();
      await sandbox.close();
    },
  };
}

/** Commands like the bot's own, enough for the tests here. */
export const COMMANDS = [
  {
    name: 'db',
    description: 'Databases',
    default_member_permissions: '8192',
    options: [
      {
        type: 1,
        name: 'status',
        description: 'How a database is',
        options: [{ type: 3, name: 'database', description: 'Which', autocomplete: true }],
      },
      {
        type: 1,
        name: 'kill-stale',
        description: 'Ends stale sessions',
        options: [
          {
            type: 3,
            name: 'kind',
            description: 'Which sessions',
            required: true,
            choices: [
              { name: 'orphaned', value: 'orphaned' },
              { name: 'idle', value: 'idle' },
            ],
          },
          { type: 4, name: 'limit', description: 'At most', min_value: 1, max_value: 100 },
        ],
      },
    ],
  },
];

/** Registers COMMANDS in the guild, as the bot does. */
export async function registerCommands({ client, sandbox }: RealBot, commands: readonly object[] = COMMANDS) {
  await client.application.commands.set(
    commands as Parameters<typeof client.application.commands.set>[0],
    sandbox.guildId,
  );
}
