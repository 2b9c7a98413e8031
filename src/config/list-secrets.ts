import type { Secrets } from './config.ts';

/** Every secret's value, for the one who keeps them out of the log. */
export function listSecrets(secrets: Secrets): readonly string[] {
  const { discordToken, linodeToken, webhookToken, discordFallbackWebhookUrl, databases } = secrets;
  const passwords = [...databases.values()].flatMap((each) => [
    each.password,
    each.canaryPassword,
    each.pgbouncerPassword,
  ]);
  return [discordToken, linodeToken, webhookToken, discordFallbackWebhookUrl, ...passwords].flatMap(
    (secret) => secret?.reveal() ?? [],
  );
}
