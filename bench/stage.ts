import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** Makes a directory that goes with the benchmark. */
export async function makeDirectory(scope: AsyncDisposableStack): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'breakwater-bench-'));
  scope.defer(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** For benchmarks that start the bot themselves: ends the stage's own, and gives what starts another in its place. */
export async function replaceBot(
  { scope }: Pick<BenchmarkContext, 'scope'>,
  { bot, discord, postgres }: Stage,
): Promise<(extraEnv?: Readonly<Record<string, string>>) => BotProcess> {
  await bot.stop();
  const env = await writeBotEnvironment(await makeDirectory(scope), discord, postgres);
  return (extraEnv = {}) => {
    const started = startBotProcess({ ...env, ...extraEnv });
    scope.defer(async () => void (await started.stop()));
    return started;
  };
}
