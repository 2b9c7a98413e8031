import { PermissionFlagsBits as Bits } from 'discord-api-types/v10';
import { expect, it } from 'vitest';
import { computePermissions, type PermissionOverwrite } from '../../src/discord/compute-permissions.ts';
import { DISCORD_PERMISSIONS } from '../../src/model/discord-facts.ts';

const member = (everyone: bigint, own: bigint = 0n, ownerId = 'somebody') => ({
  userId: 'bot',
  roleIds: ['role', 'other'],
  guildId: 'guild',
  ownerId,
  permissions: new Map([
    ['guild', everyone],
    ['role', own],
    ['not held', Bits.PinMessages],
  ]),
});
const overwrite = (id: string, type: number, allow: bigint, deny: bigint): PermissionOverwrite => ({
  id,
  type,
  allow,
  deny,
});
const { SendMessages: send, EmbedLinks: embed, ViewChannel: view } = Bits;

it.each<[string, readonly string[], ReturnType<typeof member>, readonly PermissionOverwrite[]]>([
  ['@everyone and the roles together', ['View Channel', 'Send Messages'], member(view, send), []],
  ['nothing of roles that are not held', [], member(0n), []],
  [
    'everything to an administrator, whatever is denied',
    [...DISCORD_PERMISSIONS],
    member(0n, Bits.Administrator),
    [overwrite('bot', 1, 0n, send)],
  ],
  ['everything to the owner', [...DISCORD_PERMISSIONS], member(0n, 0n, 'bot'), [overwrite('guild', 0, 0n, send)]],
  ['less where @everyone is denied', ['View Channel'], member(view | send), [overwrite('guild', 0, 0n, send)]],
  [
    'more where a role is allowed again',
    ['View Channel', 'Send Messages'],
    member(view | send),
    [overwrite('role', 0, send, 0n), overwrite('guild', 0, 0n, send)],
  ],
  [
    'what one role is allowed, though another is denied it',
    ['Send Messages'],
    member(0n),
    [overwrite('role', 0, send, 0n), overwrite('other', 0, 0n, send)],
  ],
  [
    'the last word to the overwrite of the member',
    ['Embed Links'],
    member(send),
    [overwrite('bot', 1, embed, send), overwrite('role', 0, send, embed)],
  ],
  [
    'nothing by overwrites of others',
    ['Send Messages'],
    member(send),
    [overwrite('not held', 0, 0n, send), overwrite('else', 1, 0n, send)],
  ],
  // An overwrite's type decides, not its id alone.
  [
    'nothing by an overwrite of a member who is called like a role',
    ['Send Messages'],
    member(send),
    [overwrite('role', 1, 0n, send)],
  ],
])('grants %s', (_, expected, who, overwrites) => {
  expect([...computePermissions(who, overwrites)]).toEqual(expected);
});
