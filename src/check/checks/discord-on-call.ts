import { type Check, fine, warning } from '../check.ts';

const PERMISSION = 'Mention @everyone, @here and All Roles';

export default {
  area: 'discord',
  scope: 'discord',
  summary: 'The ping of the on-call role rings: it is mentionable, or the bot may mention every role.',
  judge({ roles, channels }, { discord }) {
    const { onCall } = discord.roles;
    const role = onCall === undefined ? undefined : roles.get(onCall);
    const channel = channels.get(discord.channels.alerts) ?? null;
    // A missing role is told by discord-roles, a missing channel by discord-channels.
    if (role === undefined || channel === null) return [];
    if (role.mentionable) return [fine(`@${role.name}`, 'everybody may mention it, so a critical alert rings')];
    if (channel.granted.has(PERMISSION))
      return [fine(`@${role.name}`, 'the bot may mention it, so a critical alert rings')];
    return [
      warning(`@${role.name}`, {
        what: `@${role.name} is not mentionable, and the bot may not mention it in #${channel.name}`,
        why: 'A critical alert shows its ping, and rings nobody.',
        mend: `In Discord: Server Settings → Roles → ${role.name} → "Allow anyone to @mention this role"; or allow the bot ${PERMISSION} in #${channel.name}.`,
      }),
    ];
  },
} satisfies Check;
