import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { faultsOf, MINIMAL, MINIMAL_ENV } from '../support/config.ts';

// Put together here so that no scanner takes this file for a leak.
const TOKEN = ['MTAwMDAwMDAwMDAwMDAwMDAx', 'GabcDE', 'zebraZEBRAzebraZEBRAzebraZEBRAzebraZE'].join('.');
const inDatabase = (text: string) => MINIMAL.replace('connection: {', `connection: { ${text},`);

it.each([
  [
    'discord.token',
    MINIMAL.replace('discord:', `discord:\n  token: ${TOKEN}`),
    'set DISCORD_TOKEN or DISCORD_TOKEN_FILE',
  ],
  [
    'connection.password',
    inDatabase('password: zebra-word'),
    'set DATABASE_MAIN_PASSWORD or DATABASE_MAIN_PASSWORD_FILE',
  ],
  ['connection.password', inDatabase('password: 7777123'), 'set DATABASE_MAIN_PASSWORD'],
  ['canary.password', `${MINIMAL}    canary: { user: c, password: zebra }\n`, 'set DATABASE_MAIN_CANARY_PASSWORD'],
  ['linode.token', `${MINIMAL}linode: { token: zebra }\n`, 'set LINODE_TOKEN or LINODE_TOKEN_FILE'],
  ['http.webhookToken', `${MINIMAL}http: { webhookToken: zebra }\n`, 'set WEBHOOK_TOKEN or'],
  [
    'extra.deep.clientSecret',
    `${MINIMAL}extra: { deep: { clientSecret: zebra } }\n`,
    'secrets come from the environment',
  ],
  ['heartbeat.url', `${MINIMAL}heartbeat: { url: "https://me:zebra@x.example/" }\n`, 'has a password in its address'],
  [
    'connection.host',
    inDatabase('').replace('host: postgres.example.org', 'host: "postgres://u:zebra@h/d"'),
    'has a password',
  ],
  ['discord.guildId', MINIMAL.replace('100000000000000002', TOKEN), 'looks like a Discord token'],
  [
    'services[0].url',
    `${MINIMAL}services: [{ name: a, url: "https://discord.com/api/webhooks/1000/${'zebra'.repeat(8)}" }]\n`,
    'is a Discord webhook address',
  ],
])('finds the secret under %s, says where it belongs, and does not repeat it', (path, source, advice) => {
  const env = { ...MINIMAL_ENV, DATABASE_MAIN_CANARY_PASSWORD: '' };
  const text = faultsOf(source, { env }).join('\n');
  expect(text).toMatch(
    new RegExp(`^\\d+:\\d+ \\S*${path.replaceAll(/[[\].]/g, '\\$&')}: .*never stands in this file`, 'm'),
  );
  expect(text).toContain(advice);
  expect(text).not.toMatch(/zebra|7777123/);
});

it('says once that a key is a secret, not also that it is unknown', () => {
  expect(faultsOf(inDatabase('password: x'))).toEqual([
    '8:19 databases[0].connection.password: is a secret, which never stands in this file: take it out, and set DATABASE_MAIN_PASSWORD or DATABASE_MAIN_PASSWORD_FILE in the environment',
  ]);
});

it('does not take the key of a certificate for a secret', () => {
  expect(faultsOf(inDatabase('ssl: { cert: c.pem, key: c.key }'))).toEqual([]);
});

it('never repeats a secret of the environment, wherever in the file it turns up', () => {
  const keys = ['applicationId', 'host', 'name', 'user', 'roles', 'alerts', 'databases', 'connection'];
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-z0-9]{8,20}$/),
      fc.constantFrom(...keys),
      fc.constantFrom('"', "'", '', '[', '{ a: '),
      fc.boolean(),
      (secret, key, quote, asKey) => {
        const source = MINIMAL.replace(
          new RegExp(`${key}: .*`),
          asKey ? `${quote}${secret}: 1` : `${key}: ${quote}${secret}`,
        );
        const env = { DISCORD_TOKEN: secret, DATABASE_MAIN_PASSWORD: secret };
        expect(faultsOf(source, { env }).join('\n')).not.toContain(secret);
      },
    ),
  );
});
