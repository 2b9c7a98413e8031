import type { REST } from '@discordjs/rest';
import { Routes } from 'discord-api-types/v10';
import { z } from 'zod';
import type { Log } from '../model/log.ts';

const memberSchema = z.object({
  nick: z.string().nullish(),
  user: z.object({ username: z.string(), global_name: z.string().nullish() }),
});

/** A post-mortem names a handful of people; more are left as ids, so that nobody waits on rate limits. */
const MOST_ASKED = 25;

/**
 * The names of members as people see them in the guild, hostile text: for files, where a mention is only a number. One that
 * Discord does not tell is left out. Needs no privileged intent.
 */
export function createMemberNames(
  rest: REST,
  guildId: string,
  log: Log,
): (memberIds: readonly string[]) => Promise<ReadonlyMap<string, string>> {
  const known = new Map<string, string>();

  async function learn(memberId: string): Promise<void> {
    try {
      const { nick, user } = memberSchema.parse(await rest.get(Routes.guildMember(guildId, memberId)));
      known.set(memberId, nick ?? user.global_name ?? user.username);
    } catch (err) {
      log.debug({ err, member: memberId }, 'the name of a member is not known');
    }
  }

  return async (memberIds) => {
    const asked = [...new Set(memberIds)];
    const unknown = asked.filter((id) => SNOWFLAKE.test(id) && !known.has(id)).slice(0, MOST_ASKED);
    await Promise.all(unknown.map(learn));
    return new Map(asked.flatMap((id) => (known.has(id) ? [[id, known.get(id) ?? '']] : [])));
  };
}

const SNOWFLAKE = /^\d{17,20}$/;
