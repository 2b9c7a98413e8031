import { createSecret, type Secret } from '../model/secret.ts';
import type { Secrets } from './config.ts';
import type { ConfigFile } from './schema/root.ts';
import { databaseVariable } from './secrets/variable-names.ts';

/** Wraps the values that were read. Throws without DISCORD_TOKEN, whose absence is a fault before this. */
export function resolveSecrets(file: ConfigFile, values: ReadonlyMap<string, string>): Secrets {
  const read = (variable: string): Secret | undefined => {
    const value = values.get(variable);
    return value === undefined ? undefined : createSecret(value);
  };
  const discordToken = read('DISCORD_TOKEN');
  if (discordToken === undefined) throw new Error('the loader let a missing DISCORD_TOKEN pass');
  return {
    discordToken,
    linodeToken: read('LINODE_TOKEN'),
    webhookToken: read('WEBHOOK_TOKEN'),
    discordFallbackWebhookUrl: read('DISCORD_FALLBACK_WEBHOOK_URL'),
    databases: new Map(
      file.databases.map(({ name }) => [
        name,
        {
          password: read(databaseVariable(name, 'password')),
          canaryPassword: read(databaseVariable(name, 'canary')),
          pgbouncerPassword: read(databaseVariable(name, 'pgbouncer')),
        },
      ]),
    ),
  };
}
