import { dirname } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import { createSandboxDiscord, type SandboxDiscord } from '../../sandbox/discord/create-sandbox-discord.ts';
import { textOf } from '../../sandbox/drill/read-message.ts';
import { createPlayer } from '../../sandbox/players/create-player.ts';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import { type BotOptions, PASSWORDS, writeBotEnvironment } from '../../sandbox/stage/bot-environment.ts';
import { type BotProcess, startBotProcess } from '../../sandbox/stage/bot-process.ts';
import type { SimulatedTime } from '../../sandbox/stage/simulated-time.ts';

/** A generous bound: a test fails for what did not happen, never for a slow machine. */
export const WAIT = { timeoutMs: 15_000 };
export const HOSTILE = '@everyone `x` **b** [a](https://evil.example) <@1>';

/** What one test starts, ended in reverse whatever happens. */
let started = new AsyncDisposableStack();

/** To be called by each test file: a hook made when this module is loaded would be the first file's alone. */
export function endAfterEach(): void {
  afterEach(end);
}

/** The same for a file whose tests share one world. */
export function endAfterAll(): void {
  afterAll(end);
}

async function end(): Promise<void> {
  const ending = started;
  started = new AsyncDisposableStack();
  await ending.disposeAsync();
}

export interface World {
  readonly discord: SandboxDiscord;
  readonly postgres: RunningPostgres;
  readonly env: Readonly<Record<string, string>>;
}

export async function createWorld(options: BotOptions = {}): Promise<World> {
  const discord = await createSandboxDiscord();
  started.defer(() => discord.close());
  const postgres = await startPostgres({
    settings: { max_connections: 21, superuser_reserved_connections: 3 },
    roles: [
      { name: 'breakwater', password: PASSWORDS.breakwater, memberOf: ['pg_monitor', 'pg_signal_backend'] },
      { name: 'canary', password: PASSWORDS.canary },
      { name: HOSTILE, password: 'hostile' },
    ],
  });
  started.defer(() => postgres.close());
  // The server's keeper removes this directory, also after kill -9.
  const env = await writeBotEnvironment(dirname(postgres.dataDirectory), discord, postgres, {
    sampling: { calm: '1s', fast: '100ms' },
    ...options,
  });
  return { discord, postgres, env };
}

/** `time`: another than the real one, for the bot alone. */
export function start(env: Readonly<Record<string, string>>, time?: Pick<SimulatedTime, 'scale' | 'from'>): BotProcess {
  const bot = startBotProcess(env, time);
  started.defer(async () => void (await bot.stop()));
  return bot;
}

/** Commands registered and a session held: what a person asks is answered from numbers. */
export const ready = (bot: BotProcess) =>
  Promise.all([logged(bot, 'commands registered'), logged(bot, 'session held')]);

export const logged = (bot: BotProcess, text: string) =>
  bot.log.waitFor(({ msg }) => msg.includes(text), { ...WAIT, what: `the log line "${text}" (${bot.stderr()})` });

export function playerOf({ host, port }: RunningPostgres, user: string, password: string, applicationName = user) {
  const player = createPlayer({
    name: user,
    user,
    password,
    database: 'postgres',
    applicationName,
    localAddress: '127.10.9.1',
    host,
    port,
  });
  started.defer(() => player.terminateAll());
  return player;
}

export async function askStatus({ discord }: World): Promise<string> {
  const { alerts } = discord.channels;
  const outcome = await discord.actAs('remy').command('db status', { database: 'main' }, { channelId: alerts });
  return textOf(await outcome.final(WAIT));
}

/** For what a test starts by itself. */
export function defer(end: () => unknown): void {
  started.defer(async () => void (await end()));
}
