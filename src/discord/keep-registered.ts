import type { REST } from '@discordjs/rest';
import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import { describeCommands, registerCommands } from './register-commands.ts';
import type { Registry } from './registry.ts';

const BACKOFF_MS = { first: 2_000, most: 60_000 } as const;

/**
 * Registers the commands in the guild, trying until it is done: alerts go on meanwhile, so a fault here is told and
 * not fatal. Resolves when registered or when the signal aborts.
 */
export async function keepRegistered(options: {
  readonly rest: REST;
  readonly ids: { readonly applicationId: string; readonly guildId: string };
  readonly registry: Registry;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { rest, ids, registry, clock, log, signal } = options;
  const wanted = describeCommands(registry);
  let backoffMs: number = BACKOFF_MS.first;
  while (!signal.aborted) {
    try {
      const changed = await registerCommands(rest, ids, wanted, signal);
      log.info({ commands: registry.commands.size, changed }, 'commands registered');
      return;
    } catch (error) {
      if (signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      log.error(
        { reason, guildId: ids.guildId, again: backoffMs },
        'the slash commands cannot be registered: is the bot in this server, invited with the scope applications.commands?',
      );
      await clock.sleep(backoffMs, signal);
      backoffMs = Math.min(BACKOFF_MS.most, backoffMs * 2);
    }
  }
}
