import type { DiscordFacts } from '../../model/discord-facts.ts';
import { type Check, fault, fine, type Judgement } from '../check.ts';
import { listChannels } from '../list-channels.ts';

export default {
  area: 'discord',
  scope: 'discord',
  summary: 'The alert channel and the audit channel exist, in this guild, and are text channels.',
  judge: (facts, config) => listChannels(config).map(({ key, id }) => judgeChannel(facts, key, id)),
} satisfies Check;

function judgeChannel({ channels, guild }: DiscordFacts, key: string, id: string): Judgement {
  const channel = channels.get(id) ?? null;
  const why =
    key === 'alerts' ? 'No alert arrives.' : 'What was done, and by whom, is told in the alert channel instead.';
  const mend = `In Discord: Settings → Advanced → Developer Mode, then right-click the channel → Copy Channel ID:\ndiscord:\n  channels: { ${key}: "<channel id>" }`;
  if (channel === null) return fault(`channels.${key}`, { what: `no channel ${id} is to be seen`, why, mend });
  if (channel.guildId !== guild.id)
    return fault(`channels.${key}`, { what: `the channel ${id} is not in the guild ${guild.name}`, why, mend });
  if (channel.kind === 'text' || channel.kind === 'announcement')
    return fine(`channels.${key}`, `#${channel.name} is a text channel of ${guild.name}`);
  const kind = channel.kind === 'thread' ? 'a thread' : 'no text channel';
  return fault(`channels.${key}`, { what: `${channel.name} is ${kind}`, why, mend });
}
