import type { DiscordPermission } from '../../model/discord-facts.ts';
import { type Check, fault, fine, type Judgement, warning } from '../check.ts';
import { listChannels } from '../list-channels.ts';

interface Need {
  readonly permission: DiscordPermission;
  readonly level: 'fault' | 'warning';
  readonly why: string;
}

const TO_POST: readonly Need[] = [
  { permission: 'View Channel', level: 'fault', why: 'Without it the bot can do nothing there.' },
  { permission: 'Send Messages', level: 'fault', why: 'Nothing can be posted there.' },
  { permission: 'Embed Links', level: 'fault', why: 'Messages are refused, or arrive empty.' },
];

const NEEDS: Readonly<Record<'alerts' | 'audit', readonly Need[]>> = {
  alerts: [
    ...TO_POST,
    {
      permission: 'Attach Files',
      level: 'fault',
      why: 'Alerts come without their charts, and lists cannot be handed out.',
    },
    {
      permission: 'Read Message History',
      level: 'fault',
      why: 'A post whose outcome is uncertain cannot be looked up, and may appear twice.',
    },
    {
      permission: 'Create Public Threads',
      level: 'warning',
      why: 'An incident is told in the channel, among the alerts.',
    },
    {
      permission: 'Send Messages in Threads',
      level: 'warning',
      why: 'An incident is told in the channel, among the alerts.',
    },
    { permission: 'Pin Messages', level: 'warning', why: "An incident's summary is not pinned, and scrolls away." },
  ],
  audit: TO_POST,
};

/** Discord, "Permissions": what is named here is of no use without View Channel, so all that is missing is told at once. */
export default {
  area: 'discord',
  scope: 'discord',
  summary:
    'In each of the two channels the bot has the permissions that it uses there, one finding each that is missing.',
  judge({ channels, guild }, config) {
    return listChannels(config).flatMap(({ key, id }): readonly Judgement[] => {
      const channel = channels.get(id) ?? null;
      // What is no channel of this guild is told by discord-channels.
      if (channel === null || channel.guildId !== guild.id) return [];
      const missing = NEEDS[key].filter(({ permission }) => !channel.granted.has(permission));
      if (missing.length === 0) return [fine(`#${channel.name}`, 'the bot may do there all that it does')];
      return missing.map(({ permission, level, why }) =>
        (level === 'fault' ? fault : warning)(`channels.${key}: ${permission}`, {
          what: `the bot lacks ${permission} in #${channel.name}`,
          why,
          mend: `In Discord: #${channel.name} → Edit Channel → Permissions → the bot's role → allow ${permission}.`,
        }),
      );
    });
  },
} satisfies Check;
