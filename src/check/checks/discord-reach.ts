import { type Check, fault, fine } from '../check.ts';

const SUBJECT = 'Discord';

export default {
  area: 'discord',
  scope: 'all',
  summary: 'Discord answers, the token is valid, is of this application, and the bot is in the guild.',
  judge({ discord, config }) {
    const { applicationId, guildId, apiUrl } = config.discord;
    switch (discord.kind) {
      case 'unreachable':
        return [
          fault(SUBJECT, {
            what: `cannot be reached: ${discord.reason}`,
            why: 'No alert arrives and no command works.',
            mend: `Look at https://discordstatus.com, and whether this machine may reach it:\ncurl --head ${apiUrl}/v10/gateway`,
          }),
        ];
      case 'token-refused':
        return [
          fault(SUBJECT, {
            what: 'the token is refused (401)',
            why: 'The bot cannot log in: no alert arrives and no command works.',
            mend: `Open https://discord.com/developers/applications/${applicationId}/bot, Reset Token, and put the new one into DISCORD_TOKEN.`,
          }),
        ];
      case 'not-in-guild':
      case 'seen': {
        const { id, name } = discord.kind === 'seen' ? discord.facts.application : discord.application;
        const findings = [];
        if (id !== applicationId)
          findings.push(
            fault('application', {
              what: `the token is of the application ${name} (${id}), the configuration says ${applicationId}`,
              why: 'The commands cannot be registered.',
              mend: `discord:\n  applicationId: "${id}"\n# or the token of ${applicationId} into DISCORD_TOKEN`,
            }),
          );
        if (discord.kind === 'not-in-guild')
          findings.push(
            fault('guild', {
              what: `the bot is not in the guild ${guildId}`,
              why: 'It can neither post there nor answer.',
              mend: `Invite it, as somebody who may manage that server:\n${inviteUrl(id, guildId)}\nOr correct discord.guildId.`,
            }),
          );
        else findings.push(fine(SUBJECT, `the token is ${name}'s, and the bot is in ${discord.facts.guild.name}`));
        return findings;
      }
    }
  },
} satisfies Check;

/** View Channel, Send Messages, Embed Links, Attach Files, Read Message History, Mention Everyone, threads and pins. */
const INVITED_WITH = [10n, 11n, 14n, 15n, 16n, 17n, 35n, 38n, 51n].reduce((sum, bit) => sum | (1n << bit), 0n);

function inviteUrl(application: string, guild: string): string {
  const base = 'https://discord.com/oauth2/authorize';
  return `${base}?client_id=${application}&guild_id=${guild}&scope=bot+applications.commands&permissions=${INVITED_WITH}`;
}
