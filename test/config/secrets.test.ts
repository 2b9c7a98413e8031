import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { checkConfig } from '../../src/config/check-config.ts';
import type { Config } from '../../src/config/config.ts';
import { configOf, faultsOf, MINIMAL, MINIMAL_ENV } from '../support/config.ts';

const FULL = `${MINIMAL}    canary: { user: canary }
    pgbouncer: { connection: { host: pool, user: breakwater } }
    volume: { provider: linode, id: "123456" }
`;
const VALUES: Readonly<Record<string, string>> = {
  DISCORD_TOKEN: 'zebra-discord',
  DATABASE_MAIN_PASSWORD: 'zebra-main',
  DATABASE_MAIN_CANARY_PASSWORD: 'zebra-canary',
  PGBOUNCER_MAIN_PASSWORD: 'zebra-pgbouncer',
  LINODE_TOKEN: 'zebra-linode',
  WEBHOOK_TOKEN: 'zebra-webhook',
  DISCORD_FALLBACK_WEBHOOK_URL: 'https://discord.example/zebra-fallback',
};
const REQUIRED = Object.keys(VALUES).slice(0, 5);

it('takes each from the environment', () => {
  expect(reveal(configOf(FULL, { env: VALUES }))).toEqual(Object.values(VALUES));
});

it('takes each from the file that _FILE names, without its last newline', () => {
  const env = Object.fromEntries(Object.keys(VALUES).map((name) => [`${name}_FILE`, `/run/secrets/${name}`]));
  const files = Object.fromEntries(
    Object.entries(VALUES).map(([name, value]) => [`/run/secrets/${name}`, `${value}\n`]),
  );
  expect(reveal(configOf(FULL, { env, files }))).toEqual(Object.values(VALUES));
  const password = configOf(FULL, { env, files: { ...files, '/run/secrets/DATABASE_MAIN_PASSWORD': 'p \n\r\n' } });
  expect(password.secrets.databases.get('main')?.password?.reveal()).toBe('p \n');
});

it('shows none of them when the configuration is printed', () => {
  const config = configOf(FULL, { env: VALUES });
  expect(`${inspect(config, { depth: 20, showHidden: true })}${JSON.stringify(config)}`).not.toContain('zebra');
});

it.each(REQUIRED)('asks for %s', (name) => {
  const { [name]: _left, ...env } = VALUES;
  expect(faultsOf(FULL, { env })).toEqual([expect.stringContaining(`needs ${name} (`)]);
  expect(faultsOf(FULL, { env })[0]).toContain(`or ${name}_FILE to a file that holds it`);
});

it('asks for what the file needs, and for nothing else', () => {
  expect(faultsOf(MINIMAL, { env: {} })).toEqual([
    expect.stringMatching(/^1:1 discord: needs DISCORD_TOKEN/),
    expect.stringMatching(/^8:5 databases\[0\]\.connection: needs DATABASE_MAIN_PASSWORD/),
  ]);
});

it.each(Object.keys(VALUES))('refuses %s when it is set twice', (name) => {
  const faults = faultsOf(FULL, { env: { ...VALUES, [`${name}_FILE`]: '/run/x' }, files: { '/run/x': 'zebra' } });
  expect(faults).toEqual([expect.stringContaining(`which is set twice, as ${name} and as ${name}_FILE: unset one`)]);
});

it.each(Object.keys(VALUES))('refuses %s when its file cannot be read, without quoting the path', (name) => {
  const { [name]: value = '', ...env } = VALUES;
  const faults = faultsOf(FULL, { env: { ...env, [`${name}_FILE`]: value } });
  expect(faults).toEqual([expect.stringContaining(`cannot be read from the file that ${name}_FILE names (ENOENT)`)]);
  expect(faults.join()).not.toContain('zebra');
});

it('takes an empty password as "none is asked for", and an empty token as a fault', () => {
  const config = configOf(MINIMAL, { env: { ...MINIMAL_ENV, DATABASE_MAIN_PASSWORD: '' } });
  expect(config.secrets.databases.get('main')?.password).toBeUndefined();
  expect(faultsOf(MINIMAL, { env: { ...MINIMAL_ENV, DISCORD_TOKEN: '' } })).toEqual([
    "1:1 discord: needs DISCORD_TOKEN (the bot's token), which is empty: set it",
  ]);
});

it('points at a variable that is set for nothing', () => {
  const env = { DISCORD_TOKEN: 'x', DATABASE_MIAN_PASSWORD: 'zebra' };
  expect(faultsOf(MINIMAL, { env })).toEqual([
    expect.stringContaining('which is not set (DATABASE_MIAN_PASSWORD is set, which nothing asks for): set it in'),
  ]);
});

it('reads each file once, as it may be a pipe', () => {
  const read: string[] = [];
  const loaded = checkConfig({
    source: MINIMAL,
    directory: '/',
    env: { DISCORD_TOKEN_FILE: '/dev/fd/3', DATABASE_MAIN_PASSWORD: 'x' },
    rules: [],
    readFile: (path) => {
      read.push(path);
      return 'zebra';
    },
  });
  expect({ ok: loaded.ok, read }).toEqual({ ok: true, read: ['/dev/fd/3'] });
});

it('needs no password beside a client certificate', () => {
  const source = MINIMAL.replace('user: breakwater', 'user: breakwater, ssl: { cert: c.pem, key: c.key }');
  expect(faultsOf(source, { env: { DISCORD_TOKEN: 'x' } })).toEqual([]);
});

it('refuses a token with a line break inside', () => {
  const faults = faultsOf(MINIMAL, { env: { ...MINIMAL_ENV, DISCORD_TOKEN: 'zebra\nzebra' } });
  expect(faults).toEqual([expect.stringContaining('has a space or line break in it')]);
});

it.each([
  ['main-db', 'DATABASE_MAIN_DB_PASSWORD'],
  ['Main.db 2', 'DATABASE_MAIN_DB_2_PASSWORD'],
  ['été', 'DATABASE__T__PASSWORD'],
])('names the variable of %j %s', (name, variable) => {
  expect(faultsOf(MINIMAL.replace('main', name), { env: { DISCORD_TOKEN: 'x' } })).toEqual([
    expect.stringContaining(`needs ${variable} (`),
  ]);
});

it.each([
  ['main-db', 'main_db', 'DATABASE_MAIN_DB_PASSWORD', 'databases[0].connection'],
  ['main', 'MAIN', 'DATABASE_MAIN_PASSWORD', 'databases[0].connection'],
])('refuses %s beside %s, which would share a variable', (one, other, variable, first) => {
  const source = `${MINIMAL.replace('main', one)}  - name: ${other}\n    connection: { host: b, user: c }\n`;
  expect(faultsOf(source, { env: { DISCORD_TOKEN: 'x', [variable]: 'y' } })).toEqual([
    expect.stringContaining(`10:5 databases[1].connection: takes its password from ${variable}, as ${first} does`),
  ]);
});

it('sees the clash between a canary and a database that is named like one', () => {
  const source = `${MINIMAL}    canary: { user: c }\n  - name: main canary\n    connection: { host: b, user: c }\n`;
  expect(faultsOf(source, { env: { ...MINIMAL_ENV, DATABASE_MAIN_CANARY_PASSWORD: 'y' } })).toEqual([
    expect.stringContaining('takes its password from DATABASE_MAIN_CANARY_PASSWORD, as databases[0].canary does'),
  ]);
});

/** In the order of VALUES. */
function reveal({ secrets }: Config): readonly (string | undefined)[] {
  const main = secrets.databases.get('main');
  return [
    secrets.discordToken,
    main?.password,
    main?.canaryPassword,
    main?.pgbouncerPassword,
    secrets.linodeToken,
    secrets.webhookToken,
    secrets.discordFallbackWebhookUrl,
  ].map((secret) => secret?.reveal());
}
