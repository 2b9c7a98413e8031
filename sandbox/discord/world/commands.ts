import type { Clock } from '../../../src/model/clock.ts';
import type { Feed } from '../feed.ts';
import type { CommandBody, CommandOption } from './command-body.ts';
import type { WorldEvent } from './events.ts';
import { PERMISSIONS } from './permissions.ts';
import type { Seed } from './seed.ts';
import type { Member } from './state.ts';

export type CommandScope = 'guild' | 'global';

/** A registered command as the API gives it. */
export interface Command {
  readonly id: string;
  readonly application_id: string;
  readonly guild_id?: string;
  readonly version: string;
  readonly type: number;
  readonly name: string;
  readonly name_localizations: Record<string, string> | null;
  readonly description: string;
  readonly description_localizations: Record<string, string> | null;
  readonly options?: readonly CommandOption[];
  readonly default_member_permissions: string | null;
  readonly dm_permission: boolean;
  readonly contexts: readonly number[] | null;
  readonly integration_types: readonly number[];
  readonly nsfw: boolean;
}

export interface CommandStore {
  list(scope: CommandScope): readonly Command[];
  find(scope: CommandScope, id: string): Command | undefined;
  /** PUT: these and no others. A command that keeps its name keeps its id. */
  replaceAll(scope: CommandScope, bodies: readonly CommandBody[]): readonly Command[];
  /** POST and PATCH: one more, or in the place of the one with that id or name. `created` is false for the latter. */
  put(scope: CommandScope, body: CommandBody, id?: string): { readonly command: Command; readonly created: boolean };
  remove(scope: CommandScope, id: string): boolean;
  /** What a member sees in the guild: `bits` are their permissions in the channel. */
  visibleTo(member: Member, bits: bigint): readonly Command[];
  /**
   * Roles that the guild's admin let use every command (Server Settings → Integrations), whatever
   * `default_member_permissions` says. Seeded with observe, respond and recover.
   */
  readonly allowedRoles: Set<string>;
}

interface Parts {
  readonly seed: Seed;
  readonly clock: Clock;
  readonly mint: () => string;
  readonly events: Feed<WorldEvent>;
}

export function createCommandStore({ seed, clock, mint, events }: Parts): CommandStore {
  const registered: Record<CommandScope, Command[]> = { guild: [], global: [] };
  const { observe, respond, recover } = seed.ids.roles;
  const allowedRoles = new Set([observe, respond, recover]);

  const changed = (scope: CommandScope): void => events.push({ type: 'commands-changed', at: clock.now(), scope });
  const build = (scope: CommandScope, body: CommandBody, before: Command | undefined): Command => ({
    id: before?.id ?? mint(),
    application_id: seed.applicationId,
    ...(scope === 'guild' && { guild_id: seed.guild.id }),
    version: mint(),
    type: body.type ?? 1,
    name: body.name,
    name_localizations: body.name_localizations ?? null,
    description: body.description ?? '',
    description_localizations: body.description_localizations ?? null,
    ...(body.options && { options: body.options }),
    default_member_permissions: body.default_member_permissions ?? null,
    dm_permission: body.dm_permission ?? true,
    contexts: body.contexts ?? null,
    integration_types: body.integration_types ?? [0],
    nsfw: body.nsfw ?? false,
  });
  const same = (one: Command, body: CommandBody): boolean => one.name === body.name && one.type === (body.type ?? 1);

  return {
    allowedRoles,
    list: (scope) => registered[scope],
    find: (scope, id) => registered[scope].find((one) => one.id === id),
    replaceAll(scope, bodies) {
      const before = registered[scope];
      registered[scope] = bodies.map((body) =>
        build(
          scope,
          body,
          before.find((one) => same(one, body)),
        ),
      );
      changed(scope);
      return registered[scope];
    },
    put(scope, body, id) {
      const before = registered[scope].find((one) => (id === undefined ? same(one, body) : one.id === id));
      const command = build(scope, body, before);
      registered[scope] = [...registered[scope].filter((one) => one !== before), command];
      changed(scope);
      return { command, created: before === undefined };
    },
    remove(scope, id) {
      const left = registered[scope].filter((one) => one.id !== id);
      const removed = left.length < registered[scope].length;
      registered[scope] = left;
      if (removed) changed(scope);
      return removed;
    },
    visibleTo(member, bits) {
      const byRole = member.roleIds.some((id) => allowedRoles.has(id));
      return [...registered.guild, ...registered.global].filter(({ default_member_permissions: wanted }) => {
        if (wanted === null || byRole || (bits & PERMISSIONS.ADMINISTRATOR) !== 0n) return true;
        // "0" means: nobody but administrators, until an admin says otherwise.
        return wanted !== '0' && (bits & BigInt(wanted)) === BigInt(wanted);
      });
    },
  };
}
