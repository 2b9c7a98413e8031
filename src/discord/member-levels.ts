import { DiscordAPIError, type REST } from '@discordjs/rest';
import { RESTJSONErrorCodes, Routes } from 'discord-api-types/v10';
import { z } from 'zod';
import { decideAccess, type LevelRoles } from './access.ts';
import { classifySendError } from './classify-send-error.ts';
import type { Level } from './command.ts';

/** What a member may do at this moment; null: nothing, or they have left. Or why nobody can tell: never a level then. */
export type LevelRead =
  | { readonly ok: true; readonly level: Level | null }
  | { readonly ok: false /** For people; plain. */; readonly reason: string };

/** A guild member's roles are its own and no others' (Discord, "Guild Member Object"). */
const memberSchema = z.object({ roles: z.array(z.string()), user: z.object({ id: z.string() }) });

/**
 * Reads a member's level anew, of somebody whose click it is not. Nothing is kept: a role may be taken away at any time. Needs
 * no privileged intent. Never throws.
 */
export function createMemberLevels(
  rest: Pick<REST, 'get'>,
  guildId: string,
  roles: LevelRoles,
): (memberId: string) => Promise<LevelRead> {
  return async (memberId) => {
    if (!SNOWFLAKE.test(memberId)) return { ok: false, reason: 'it was no member of the guild' };
    try {
      const answer: unknown = await rest.get(Routes.guildMember(guildId, memberId));
      const member = memberSchema.safeParse(answer);
      if (!member.success || member.data.user.id !== memberId) {
        return { ok: false, reason: 'Discord answers with no such member' };
      }
      return { ok: true, level: decideAccess(member.data.roles, roles, 'recover').level };
    } catch (error) {
      if (error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.UnknownMember) {
        return { ok: true, level: null };
      }
      const told = classifySendError(error);
      return { ok: false, reason: told.kind === 'gone' ? 'Discord knows no such member' : told.reason };
    }
  };
}

const SNOWFLAKE = /^\d{17,20}$/;
