import { applicationShape, userShape } from '../../world/api-shapes.ts';
import { apiError } from '../api-error.ts';
import { ok, type Route } from '../route.ts';

/** Who the bot is. */
export const identityRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/users/@me',
    handle: ({ world }) =>
      ok({ ...userShape(world.bot.user), mfa_enabled: true, locale: 'en-GB', verified: true, email: null }),
  },
  {
    method: 'GET',
    path: '/users/{user_id}',
    handle: (call) => {
      const member = call.world.members.get(call.param('user_id'));
      if (member === undefined) throw apiError('unknownUser');
      return ok(userShape(member.user));
    },
  },
  {
    method: 'GET',
    path: '/users/@me/guilds',
    handle: ({ world }) =>
      ok([{ id: world.guild.id, name: world.guild.name, icon: null, owner: false, permissions: '0', features: [] }]),
  },
  { method: 'GET', path: '/applications/@me', handle: ({ world }) => ok(applicationShape(world)) },
  { method: 'GET', path: '/oauth2/applications/@me', handle: ({ world }) => ok(applicationShape(world)) },
  {
    method: 'GET',
    path: '/applications/{application_id}',
    handle: (call) => {
      if (call.param('application_id') !== call.world.applicationId) throw apiError('unknownApplication');
      return ok(applicationShape(call.world));
    },
  },
];
