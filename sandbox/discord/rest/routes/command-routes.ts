import type { CommandBody } from '../../world/command-body.ts';
import type { CommandScope } from '../../world/commands.ts';
import { apiError } from '../api-error.ts';
import { type Call, noContent, ok, type Route } from '../route.ts';

/** Registered commands. Global ones are served too, so that a test can prove that there are none (contract.md). */
export const commandRoutes: readonly Route[] = [
  ...routesFor('guild', '/applications/{application_id}/guilds/{guild_id}/commands'),
  ...routesFor('global', '/applications/{application_id}/commands'),
];

function routesFor(scope: CommandScope, path: string): Route[] {
  const one = `${path}/{command_id}`;
  return [
    {
      method: 'GET',
      path,
      handle: (call) => {
        requireOwn(call, scope);
        return ok(call.world.commands.list(scope));
      },
    },
    {
      method: 'PUT',
      path,
      body: 'command-list',
      handle: (call) => {
        requireOwn(call, scope);
        return ok(call.world.commands.replaceAll(scope, call.body as CommandBody[]));
      },
    },
    {
      method: 'POST',
      path,
      body: 'command',
      handle: (call) => {
        requireOwn(call, scope);
        const { command, created } = call.world.commands.put(scope, call.body as CommandBody);
        return { status: created ? 201 : 200, body: command };
      },
    },
    { method: 'GET', path: one, handle: (call) => ok(requireCommand(call, scope)) },
    {
      method: 'PATCH',
      path: one,
      body: 'command-edit',
      handle: (call) => {
        const before = requireCommand(call, scope);
        const body = { ...before, ...(call.body as Partial<CommandBody>) } as CommandBody;
        return ok(call.world.commands.put(scope, body, before.id).command);
      },
    },
    {
      method: 'DELETE',
      path: one,
      handle: (call) => {
        call.world.commands.remove(scope, requireCommand(call, scope).id);
        return noContent;
      },
    },
  ];
}

function requireCommand(call: Call, scope: CommandScope) {
  requireOwn(call, scope);
  const command = call.world.commands.find(scope, call.param('command_id'));
  if (command === undefined) throw apiError('unknownCommand');
  return command;
}

function requireOwn(call: Call, scope: CommandScope): void {
  if (call.param('application_id') !== call.world.applicationId) throw apiError('unknownApplication');
  if (scope === 'guild' && call.param('guild_id') !== call.world.guild.id) throw apiError('missingAccess');
}
