import type { Path } from '../path.ts';
import { field, isMap, items, type Raw, text } from '../raw.ts';
import { databaseVariable } from './variable-names.ts';

/** A secret that the file's content asks for. */
export interface SecretDemand {
  readonly variable: string;
  /** What in the file asks for it. */
  readonly path: Path;
  readonly required: boolean;
  /** Whether an empty value is an answer: no password is asked for. */
  readonly mayBeEmpty: boolean;
  readonly purpose: string;
}

/** Every secret that the well-formed parts of the file ask for, needed ones and optional ones. */
export function listDemands(data: Raw): readonly SecretDemand[] {
  const databases = items(field(data, 'databases'));
  return [
    demand('DISCORD_TOKEN', ['discord'], "the bot's token"),
    ...databases.flatMap((database, index) => databaseDemands(database, ['databases', index])),
    ...linodeDemand(databases),
    {
      ...demand('WEBHOOK_TOKEN', ['http'], 'the bearer token of incoming webhooks'),
      required: false,
      mayBeEmpty: true,
    },
    {
      ...demand('DISCORD_FALLBACK_WEBHOOK_URL', ['discord'], 'the webhook used when the bot cannot log in'),
      required: false,
      mayBeEmpty: true,
    },
  ];
}

function demand(variable: string, path: Path, purpose: string): SecretDemand {
  return { variable, path, required: true, mayBeEmpty: false, purpose };
}

function databaseDemands(database: Raw, path: Path): readonly SecretDemand[] {
  const name = text(field(database, 'name'));
  if (name === undefined || name.trim() === '') return [];
  const ssl = field(database, 'connection', 'ssl');
  const hasCertificate = text(field(ssl, 'cert')) !== undefined && text(field(ssl, 'key')) !== undefined;
  const password = (kind: 'password' | 'canary' | 'pgbouncer', key: string, purpose: string): SecretDemand => ({
    ...demand(databaseVariable(name, kind), [...path, key], purpose),
    mayBeEmpty: true,
  });
  return [
    { ...password('password', 'connection', 'the password of connection.user'), required: !hasCertificate },
    ...(isMap(field(database, 'canary')) ? [password('canary', 'canary', 'the password of canary.user')] : []),
    ...(isMap(field(database, 'pgbouncer'))
      ? [password('pgbouncer', 'pgbouncer', 'the password of pgbouncer.connection.user')]
      : []),
  ];
}

function linodeDemand(databases: readonly Raw[]): readonly SecretDemand[] {
  const index = databases.findIndex((database) => field(database, 'volume', 'provider') === 'linode');
  return index === -1
    ? []
    : [demand('LINODE_TOKEN', ['databases', index, 'volume', 'provider'], 'the token of the Linode API')];
}
