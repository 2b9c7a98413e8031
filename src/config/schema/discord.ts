import { z } from 'zod';
import { durationSchema } from './values/duration.ts';
import { snowflakeSchema } from './values/snowflake.ts';
import { urlSchema } from './values/url.ts';

const roleList = (who: string) =>
  z
    .array(snowflakeSchema('A role id, in quotes.', '100000000000000005'))
    .prefault([])
    .meta({ description: `Role ids whose members may ${who}. Nobody when empty.`, examples: [['100000000000000005']] });

const channels = z
  .strictObject({
    alerts: snowflakeSchema('The channel in which alerts and incidents are posted.', '100000000000000003'),
    audit: snowflakeSchema(
      'The channel for what was done and by whom; the alert channel unless given.',
      '100000000000000004',
    ).optional(),
  })
  .meta({ description: 'Where messages go.', examples: [{ alerts: '100000000000000003' }] });

const roles = z
  .strictObject({
    observe: roleList('look: status, connections, alerts'),
    respond: roleList('act on sessions, alerts and incidents; includes observe'),
    recover: roleList('restart and recover databases; includes respond'),
    onCall: snowflakeSchema('The role that a critical alert pings, once.', '100000000000000008').optional(),
  })
  .meta({
    description: 'Who may do what; a higher level includes the lower.',
    examples: [{ recover: ['100000000000000007'] }],
  });

export const discordSchema = z
  .strictObject({
    apiUrl: urlSchema(
      'Where the Discord API is; elsewhere only in tests and exercises.',
      'https://discord.com/api',
    ).prefault('https://discord.com/api'),
    applicationId: snowflakeSchema("The bot's application id."),
    guildId: snowflakeSchema('The one server (guild) that the bot serves.', '100000000000000002'),
    channels,
    roles,
    approval: z
      .enum(['two-person', 'typed'])
      .prefault('two-person')
      .meta({
        description: 'How a recovery is approved: by another member, or by typing the name of the database.',
        examples: ['two-person'],
      }),
    breakGlassAfter: durationSchema({
      description: 'How long a request for approval waits before its author may break glass.',
      example: '2m',
    }).prefault('2m'),
  })
  .meta({
    description: 'The Discord application, its server, channels and roles.',
    examples: [
      {
        applicationId: '100000000000000001',
        guildId: '100000000000000002',
        channels: { alerts: '100000000000000003' },
        roles: { recover: ['100000000000000007'] },
      },
    ],
  });
