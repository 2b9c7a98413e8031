import type { Config } from './config/config.ts';
import { listSecrets } from './config/list-secrets.ts';
import { OWN_APPLICATION } from './model/application.ts';
import { createRedactor, listSecretForms, type Redactor } from './model/redact.ts';
import { escapeUntrusted } from './render/untrusted.ts';

export interface ConfiguredRedactor {
  readonly redactor: Redactor;
  /** What it hides, for the log, which looks through its own lines. */
  readonly forms: readonly string[];
  /** How many secrets stand in a name that the bot must say, and so cannot be hidden. */
  readonly exposed: number;
}

/** Knows every secret of the configuration. A password that is also a name would tear holes into keys and messages. */
export function createConfiguredRedactor(config: Config, ruleIds: readonly string[]): ConfiguredRedactor {
  const names = [...ruleIds, OWN_APPLICATION, ...listNames(config)];
  const secrets = listSecrets(config.secrets);
  const hidden = secrets.filter((secret) => !names.some((name) => name.includes(secret)));
  const asMarkdown = (secret: string) => escapeUntrusted(secret, secret.length);
  const forms = listSecretForms(hidden, [asMarkdown]);
  return { redactor: createRedactor(forms), forms, exposed: secrets.length - hidden.length };
}

function listNames({ databases, services }: Config): readonly string[] {
  const ofDatabases = databases.flatMap(({ name, connection, canary, applications }) => [
    name,
    connection.host,
    connection.user,
    connection.database,
    canary?.user,
    ...applications.flatMap((each) => [each.name, ...Object.values(each.match)]),
  ]);
  return [...ofDatabases, ...services.map(({ name }) => name)].filter((name) => typeof name === 'string');
}
