import { channelShape, guildShape, memberShape, roleShape } from '../../world/api-shapes.ts';
import { apiError } from '../api-error.ts';
import { type Call, ok, type Route } from '../route.ts';

/** The guild, its roles and its members. */
export const guildRoutes: readonly Route[] = [
  { method: 'GET', path: '/guilds/{guild_id}', handle: inGuild(({ world }) => ok(guildShape(world))) },
  {
    method: 'GET',
    path: '/guilds/{guild_id}/channels',
    handle: inGuild(({ world }) =>
      ok(
        [...world.channels.values()]
          .filter(({ thread, guildId }) => thread === null && guildId === world.guild.id)
          .map(channelShape),
      ),
    ),
  },
  {
    method: 'GET',
    path: '/guilds/{guild_id}/threads/active',
    handle: inGuild(({ world }) =>
      ok({
        threads: [...world.channels.values()]
          .filter(({ thread, guildId }) => thread?.archived === false && guildId === world.guild.id)
          .map(channelShape),
        members: [],
      }),
    ),
  },
  {
    method: 'GET',
    path: '/guilds/{guild_id}/roles',
    handle: inGuild(({ world }) => ok([...world.roles.values()].map(roleShape))),
  },
  {
    method: 'GET',
    path: '/guilds/{guild_id}/roles/{role_id}',
    handle: inGuild((call) => {
      const role = call.world.roles.get(call.param('role_id'));
      if (role === undefined) throw apiError('unknownRole');
      return ok(roleShape(role));
    }),
  },
  {
    method: 'GET',
    path: '/guilds/{guild_id}/members/{user_id}',
    handle: inGuild((call) => {
      const id = call.param('user_id');
      const member = call.world.members.get(id);
      if (member === undefined) throw apiError('unknownMember');
      return ok(memberShape(member));
    }),
  },
];

function inGuild(handle: Route['handle']): Route['handle'] {
  return (call: Call) => {
    if (call.param('guild_id') !== call.world.guild.id) throw apiError('unknownGuild');
    return handle(call);
  };
}
