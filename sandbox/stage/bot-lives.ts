import { type BotProcess, type LogLine, startBotProcess } from './bot-process.ts';
import type { SimulatedTime } from './simulated-time.ts';

/** The bot of a stage over its lives: the same configuration and journal each time. */
export interface BotLives {
  /** The newest; throws before the first. */
  readonly now: BotProcess;
  readonly all: readonly BotProcess[];
  /**
   * Resolves when it is ready: its commands are registered and its session is held. Not to be counted on in a world in
   * trouble. `more` comes to the environment of this life alone, as in NODE_OPTIONS.
   */
  start(more?: Readonly<Record<string, string>>): Promise<void>;
  /** Starts it and waits for nothing. */
  launch(more?: Readonly<Record<string, string>>): BotProcess;
  /** From now on the end of the newest is no surprise. */
  expectEnd(): void;
  /** Ends the newest by a signal; resolves when it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** What all of them wrote, oldest first. */
  log(): readonly LogLine[];
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 20_000;

export function createBotLives(
  env: Readonly<Record<string, string>>,
  time: SimulatedTime,
  onLost: (bot: BotProcess, status: number | null) => void = () => {},
): BotLives {
  const all: BotProcess[] = [];
  const told = new Set<BotProcess>();
  const newest = (): BotProcess => {
    const bot = all.at(-1);
    if (bot === undefined) throw new Error('the bot is not started yet');
    return bot;
  };
  const launch = (more: Readonly<Record<string, string>> = {}): BotProcess => {
    const bot = startBotProcess({ ...env, ...more }, time);
    all.push(bot);
    void bot.exited.then((status) => {
      if (!told.has(bot)) onLost(bot, status);
    });
    return bot;
  };
  return {
    get now() {
      return newest();
    },
    all,
    launch,
    expectEnd: () => void told.add(newest()),
    async start(more) {
      const bot = launch(more);
      const says = (text: string) =>
        bot.log.waitFor(({ msg }) => msg === text, { timeoutMs: READY_WITHIN_MS, what: `the bot's line "${text}"` });
      await Promise.race([
        Promise.all([says('commands registered'), says('session held')]),
        bot.exited.then((status) => {
          throw new Error(`the bot ended with status ${status}: ${bot.stderr()}`);
        }),
      ]);
    },
    async kill(signal) {
      const bot = newest();
      told.add(bot);
      bot.kill(signal);
      await bot.exited;
    },
    log: () => all.flatMap(({ log }) => log.items),
    async stop() {
      for (const bot of all) told.add(bot);
      await Promise.all(all.map((bot) => bot.stop()));
    },
  };
}
