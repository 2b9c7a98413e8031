import { mkdtemp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BotOptions, writeBotEnvironment } from '../sandbox/stage/bot-environment.ts';
import { type BotProcess, startBotProcess } from '../sandbox/stage/bot-process.ts';
import { type Stage, setStage } from '../sandbox/stage/set-stage.ts';
import type { BenchmarkContext } from './benchmark.ts';

/** The stage of the drills, taken down with the benchmark: also when that is broken off while it is being set. */
export function setBenchStage({ scope }: Pick<BenchmarkContext, 'scope'>, options: BotOptions = {}): Promise<Stage> {
  const setting = setStage(options);
  scope.defer(async () => {
    const [set] = await Promise.allSettled([setting]);
    if (set.status === 'fulfilled') await set.value.close();
  });
  return setting;
}

/** Makes a directory that the server's keeper removes with the stage's own, also after kill -9. */
export function makeDirectory({ postgres }: Stage): Promise<string> {
  return mkdtemp(join(dirname(postgres.dataDirectory), 'bench-'));
}

/**
 * The environment of the image (Dockerfile), with a compile cache that goes with the benchmark. The first bot to start
 * in it fills that, when it ends.
 */
export async function imageEnvironment(stage: Stage): Promise<Readonly<Record<string, string>>> {
  return { NODE_COMPILE_CACHE: await makeDirectory(stage), NODE_OPTIONS: '--max-semi-space-size=2' };
}

/** Starts a bot and ends it once it has its commands: the compile cache is full then. */
export async function fillCompileCache(bot: BotProcess): Promise<void> {
  await bot.log.waitFor(({ msg }) => msg === 'commands registered', { timeoutMs: 20_000, what: bot.stderr() });
  await bot.stop();
}

/** For benchmarks that start the bot themselves: ends the stage's own, and gives what starts another in its place. */
export async function replaceBot(
  { scope }: Pick<BenchmarkContext, 'scope'>,
  stage: Stage,
): Promise<(extraEnv?: Readonly<Record<string, string>>) => BotProcess> {
  const { bot, discord, postgres } = stage;
  await bot.stop();
  const env = await writeBotEnvironment(await makeDirectory(stage), discord, postgres);
  return (extraEnv = {}) => {
    const started = startBotProcess({ ...env, ...extraEnv });
    scope.defer(async () => void (await started.stop()));
    return started;
  };
}
