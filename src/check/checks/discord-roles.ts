import { type Check, fault, fine, type Judgement } from '../check.ts';

export default {
  area: 'discord',
  scope: 'discord',
  summary: 'Every configured role exists in the guild.',
  judge({ roles, guild }, { discord }) {
    const { observe, respond, recover, onCall } = discord.roles;
    const configured = { observe, respond, recover, onCall: onCall === undefined ? [] : [onCall] };
    return Object.entries(configured).flatMap(([key, ids]): readonly Judgement[] => {
      const missing = ids.filter((id) => !roles.has(id));
      if (ids.length > 0 && missing.length === 0) {
        return [fine(`roles.${key}`, ids.map((id) => `@${roles.get(id)?.name ?? id}`).join(', '))];
      }
      return missing.map((id) =>
        fault(`roles.${key}: ${id}`, {
          what: `no role ${id} is in the guild ${guild.name}`,
          why: key === 'onCall' ? 'Critical alerts ring nobody.' : `Nobody may ${key} through it.`,
          mend: `In Discord: Server Settings → Roles → … → Copy Role ID:\ndiscord:\n  roles: { ${key}: ${key === 'onCall' ? '"<role id>"' : '["<role id>"]'} }`,
        }),
      );
    });
  },
} satisfies Check;
