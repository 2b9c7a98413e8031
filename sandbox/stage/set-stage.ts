import { dirname } from 'node:path';
import { createSandboxDiscord, type SandboxDiscord } from '../discord/create-sandbox-discord.ts';
import { createPlayer, type Player } from '../players/create-player.ts';
import { type RunningPostgres, startPostgres } from '../postgres/start-postgres.ts';
import { type BotOptions, PASSWORDS, writeBotEnvironment } from './bot-environment.ts';
import { type BotProcess, startBotProcess } from './bot-process.ts';
import { CAST, LEAKING_PODS } from './cast.ts';
import { createObserver, type Observer } from './observer.ts';

/** Everything a scenario plays on: a Discord, a PostgreSQL with its clients, and the real bot between them. */
export interface Stage {
  readonly discord: SandboxDiscord;
  readonly postgres: RunningPostgres;
  readonly bot: BotProcess;
  readonly observer: Observer;
  /** The pods of an application by name. */
  readonly pods: ReadonlyMap<string, readonly Player[]>;
  /** The earlier deployment of `site` that leaks. */
  readonly leakers: readonly Player[];
  /** Opens superuser sessions, which may take the reserved slots too. */
  readonly superuser: Player;
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 100;

/** Starts it all; resolves when the bot has its commands registered and its session held. */
export async function setStage(
  options: BotOptions & { readonly maxConnections?: number; readonly discordPort?: number } = {},
): Promise<Stage> {
  await using started = new AsyncDisposableStack();
  const discord = await createSandboxDiscord({ port: options.discordPort ?? 0 });
  started.defer(() => discord.close());
  await discord.warmUp();
  const postgres = await startPostgres({
    settings: { max_connections: options.maxConnections ?? MAX_CONNECTIONS, superuser_reserved_connections: 3 },
    roles: [
      { name: 'breakwater', password: PASSWORDS.breakwater, memberOf: ['pg_monitor', 'pg_signal_backend'] },
      { name: 'canary', password: PASSWORDS.canary },
      ...CAST.map(({ name }) => ({ name, password: name })),
    ],
    databases: CAST.map(({ name }) => ({ name, owner: name })),
  });
  started.defer(() => postgres.close());
  const observer = await createObserver(postgres.superuser);
  started.defer(() => observer.close());

  const { host, port } = postgres;
  const asPod = (name: string, localAddress: string): Player =>
    createPlayer({ name, user: name, password: name, database: name, applicationName: name, localAddress, host, port });
  const pods = new Map(CAST.map(({ name, pods: addresses }) => [name, addresses.map((each) => asPod(name, each))]));
  const leakers = LEAKING_PODS.map((address) => asPod('site', address));
  const { user, password, database } = postgres.superuser;
  const superuser = createPlayer({
    name: 'a superuser',
    user,
    password,
    database,
    applicationName: 'psql',
    localAddress: '127.10.0.99',
    host,
    port,
  });
  started.defer(async () => {
    await Promise.all([superuser, ...leakers, ...[...pods.values()].flat()].map((player) => player.terminateAll()));
  });

  // The server's keeper removes this directory whatever becomes of us, also after kill -9.
  const directory = dirname(postgres.dataDirectory);
  const bot = startBotProcess(await writeBotEnvironment(directory, discord, postgres, options));
  started.defer(async () => void (await bot.stop()));
  const says = (text: string) =>
    bot.log.waitFor(({ msg }) => msg === text, { timeoutMs: 20_000, what: `the bot's line "${text}"` });
  await Promise.race([
    Promise.all([says('commands registered'), says('session held')]),
    bot.exited.then((status) => {
      throw new Error(`the bot ended with status ${status}: ${bot.stderr()}`);
    }),
  ]);

  const all = started.move();
  return { discord, postgres, bot, observer, pods, leakers, superuser, close: () => all.disposeAsync() };
}

/** Opens what every application lacks of what it holds on a quiet day. */
export async function openQuietSessions(stage: Stage): Promise<void> {
  for (const { name, sessions } of CAST) {
    const players = stage.pods.get(name) ?? [];
    await Promise.all(
      players.map((player, index) => player.open(Math.max(0, share(sessions, players.length, index) - player.count()))),
    );
  }
}

function share(total: number, parts: number, index: number): number {
  return Math.floor(total / parts) + (index < total % parts ? 1 : 0);
}
