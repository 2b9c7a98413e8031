import { type Check, fine, type Judgement, warning } from '../check.ts';

/** What the bot does without, and people then miss in the night. */
export default {
  area: 'configuration',
  scope: 'all',
  summary:
    'The parts that one may leave out and should not: canary, on-call role, fallback webhook, heartbeat, `podCidrs`.',
  judge({ config }) {
    const { discord, secrets, heartbeat, kubernetes, databases } = config;
    return [
      ...databases.map((database) => judgeCanary(database)),
      discord.roles.onCall === undefined
        ? warning('roles.onCall', {
            what: 'no on-call role is configured',
            why: 'Critical alerts are posted, and ring nobody.',
            mend: 'discord:\n  roles: { onCall: "<role id>" }',
          })
        : fine('roles.onCall', 'critical alerts ping the on-call role'),
      secrets.discordFallbackWebhookUrl === undefined
        ? warning('fallback webhook', {
            what: 'no fallback webhook is configured',
            why: 'When Discord shuts the bot out (a reset token, a disabled bot), alerts reach nobody.',
            mend: 'In Discord: the alert channel → Edit Channel → Integrations → Webhooks → New Webhook → Copy URL; put it into DISCORD_FALLBACK_WEBHOOK_URL.',
          })
        : fine('fallback webhook', 'there is another way to people when the bot is shut out'),
      heartbeat === undefined
        ? warning('heartbeat', {
            what: 'no heartbeat is configured',
            why: 'When the bot itself is dead, nobody notices: silence looks like health.',
            mend: 'heartbeat: { url: "https://<your dead-man\'s switch>", every: 60s }',
          })
        : fine('heartbeat', 'somebody outside notices when the bot is dead'),
      ...(kubernetes === undefined || kubernetes.podCidrs.length > 0
        ? []
        : [
            warning('kubernetes.podCidrs', {
              what: 'no pod networks are configured',
              why: 'No session can be called orphaned: the very leak of 2020-12-11 goes unseen.',
              mend: 'kubernetes:\n  podCidrs: ["<the cluster\'s pod network>"]\n# a proposal stands under "pod-networks"',
            }),
          ]),
    ];
  },
} satisfies Check;

function judgeCanary({ name, canary }: { readonly name: string; readonly canary: object | undefined }): Judgement {
  if (canary !== undefined) return fine(`${name}: canary`, 'an ordinary role tries to connect, as applications do');
  return warning(`${name}: canary`, {
    what: 'no canary role is configured',
    why: 'Whether applications get in is then inferred from counts; a frozen or refusing server looks healthy.',
    mend: `canary: { user: canary }   # under the database ${name}\n# the role: breakwater setup-sql --database ${name}`,
  });
}
